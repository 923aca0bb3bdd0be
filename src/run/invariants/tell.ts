/** Tells that an invariant does not hold on a node, with the values; `wrong` is what stands after `does not hold on A`. */
export type Tell = (invariant: string, node: number, wrong: string) => void;
