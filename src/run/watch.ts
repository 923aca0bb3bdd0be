/** Something to look at again after each event that touched one of its nodes. */
export interface Watch {
  readonly nodes: readonly number[];
  active: boolean;
  look(): void;
}

/**
 * Who watches which node. After an event only those of the node touched are asked, so a node nobody watches
 * costs one look into an array. The lists are replaced when they change, never changed while they are walked.
 */
export class Watches {
  readonly byNode: (readonly Watch[])[];

  constructor(nodes: number) {
    this.byNode = Array.from({ length: nodes }, () => []);
  }

  add(watch: Watch): void {
    watch.active = true;
    for (const node of watch.nodes) this.byNode[node] = [...this.byNode[node]!, watch];
  }

  remove(watch: Watch): void {
    watch.active = false;
    for (const node of watch.nodes) this.byNode[node] = this.byNode[node]!.filter((other) => other !== watch);
  }

  touched(node: number): void {
    const list = this.byNode[node]!;
    for (let i = 0; i < list.length; i++) {
      const watch = list[i]!;
      if (watch.active) watch.look();
    }
  }
}
