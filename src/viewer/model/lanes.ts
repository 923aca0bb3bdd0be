/** Where the life lines of a diagram stand: times left of them, words right of them. */
export interface Lanes {
  /** Where the lanes begin and end. */
  readonly left: number;
  readonly end: number;
  readonly width: number;
  x(node: number): number;
}

export function lanesFor(nodes: number, width: number): Lanes {
  const narrow = width < 520;
  const left = narrow ? 50 : 64;
  const words = narrow ? 165 : Math.max(240, width * 0.46);
  const room = (width - left - words) / Math.max(1, nodes);
  const lane = Math.max(narrow ? 30 : 44, Math.min(120, room));
  return { left, width: lane, end: left + lane * nodes, x: (node) => left + lane * (node + 0.5) };
}
