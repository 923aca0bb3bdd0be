import type { PlainEntry, Scenario } from '../scenario/scenario.ts';

/** Who is to follow whom, as the nemesis last said: a tree for each master that the scenario begins with. */
export class Group {
  /** By node: whom it follows; null for a master. */
  readonly #following = new Map<string, string | null>();
  readonly #touched = new Set<string>();
  readonly #clients: readonly string[];

  /** `nodes` are those that the nemesis may give orders. */
  constructor({ nodes: specs, clients }: Scenario, nodes: readonly string[]) {
    const names = new Set(specs.map(({ name }) => name));
    for (const { name, replicaof } of specs) {
      if (nodes.includes(name)) this.#following.set(name, names.has(replicaof ?? '') ? replicaof : null);
    }
    this.#clients = clients.map(({ name }) => name);
  }

  get nodes(): readonly string[] {
    return [...this.#following.keys()];
  }

  /** The nodes that could take over from each other: those below the master of a node, and that master. */
  around(node: string): readonly string[] {
    const root = this.#rootOf(node);
    return this.nodes.filter((other) => this.#rootOf(other) === root);
  }

  follow(node: string, master: string | null): void {
    this.#following.set(node, master);
    this.#touched.add(node);
  }

  /** What tells every node that was ever given orders whom it follows, masters first. */
  orders(at: number): PlainEntry[] {
    const nodes = [...this.#touched].sort((a, b) => this.#depthOf(a) - this.#depthOf(b));
    return nodes.flatMap((node) => this.order(node, at));
  }

  /** What tells one node, and the clients of a new master. */
  order(node: string, at: number): PlainEntry[] {
    const master = this.#following.get(node) ?? null;
    const time = `${at}ms`;
    const order: PlainEntry = {
      at: time,
      on: node,
      run: master === null ? 'REPLICAOF NO ONE' : `REPLICAOF ${master}`,
    };
    if (master !== null) return [order];
    return [order, ...this.#clients.map((client) => ({ at: time, point: client, to: node }))];
  }

  #rootOf(node: string): string {
    let at = node;
    for (let i = 0; i < this.#following.size; i++) {
      const master = this.#following.get(at) ?? null;
      if (master === null || !this.#following.has(master)) return at;
      at = master;
    }
    return at;
  }

  #depthOf(node: string): number {
    let depth = 0;
    for (let at = this.#following.get(node) ?? null; at !== null; at = this.#following.get(at) ?? null)
      depth++;
    return depth;
  }
}
