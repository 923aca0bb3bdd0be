import { stringify } from 'yaml';
import { type DrawnNode, drawCluster, inCluster } from '../nemesis/cluster.ts';
import { drawFaults } from '../nemesis/draw.ts';
import type { Failure } from '../run/result.ts';
import { runScenario } from '../run/run.ts';
import { expandRange } from '../scenario/groups.ts';
import { loadScenarioFile } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Plain } from '../scenario/tree.ts';
import { failureKind } from '../sweep/outcome.ts';
import { listOf, mapOf, type PlainMap, type PlainScenario, without, withValue } from './plain-scenario.ts';
import { OMISSIONS, type Reduction, WEAKENINGS } from './reductions.ts';

/** A failing run as a file, and how far it got from where it began. */
export interface Shrunk {
  readonly scenario: PlainScenario;
  readonly failure: Failure;
  /** What was taken away, in the order of the reductions, with how often. */
  readonly steps: readonly { readonly name: string; readonly count: number }[];
  /** How many runs that took. */
  readonly tries: number;
  /** Whether nothing smaller fails: false where the time was up before. */
  readonly isMinimal: boolean;
}

/** What a scenario says of itself; it has no part in a failure. */
const WORDS = ['about', 'tags', 'confirmed', 'snapshots', 'matrix', 'cases', 'nemesis', 'known_failure'];

/** The file of one case with what its nemesis draws written out: it plays the very run of this seed. */
export function concrete(scenario: Scenario, seed: string): PlainScenario {
  const plain = scenario.plain() as PlainScenario;
  const timeline: Plain = [...listOf(plain, 'timeline'), ...drawFaults(inCluster(scenario, seed), seed)];
  const nodes = concreteNodes(mapOf(plain.nodes), drawCluster(scenario, seed));
  const { profile } = scenario;
  const mutants = [...scenario.mutants];
  return withValue(
    withValue({ ...without(plain, ...WORDS), profile, seed, nodes }, 'mutants', mutants),
    'timeline',
    timeline,
  );
}

/** The nodes with what they drew; one of several alike that draws becomes a node of its own. */
function concreteNodes(nodes: PlainMap, drawn: ReadonlyMap<string, DrawnNode>): PlainMap {
  const all = Object.entries(nodes).flatMap(([key, node]) => {
    const names = expandRange(key) as string[];
    if (!names.some((name) => drawn.has(name))) return [[key, node] as const];
    return names.map((name) => [name, concreteNode(mapOf(node), drawn.get(name))] as const);
  });
  return Object.fromEntries(all);
}

function concreteNode(node: PlainMap, drawn: DrawnNode | undefined): PlainMap {
  if (drawn === undefined) return node;
  const { replicaof } = drawn;
  const config = { ...mapOf(node.config), ...drawn.config };
  const follows = replicaof === undefined ? node : without(node, 'replicaof');
  const whole = typeof replicaof === 'string' ? { ...follows, replicaof } : follows;
  return withValue(whole, 'config', config);
}

export interface ShrinkOptions {
  /** Asked between runs; where it says yes, what is smallest so far is the answer. */
  readonly isTimeUp: () => boolean;
  /** Gets every smaller one as it is found. */
  readonly better?: (smaller: Shrunk) => void;
  /** Which of the run's failures is to stay, as `failureKind` names it; the first one without. */
  readonly kind?: string;
}

/**
 * Makes a failing run smaller as long as it still fails in the same way, until nothing can be taken away any more or
 * the time is up. Null where the run does not fail so.
 */
export function shrink(scenario: Scenario, seed: string, options: ShrinkOptions): Shrunk | null {
  const plain = concrete(scenario, seed);
  const failures = failuresOf(plain);
  const failure = failures[options.kind === undefined ? 0 : indexOf(options.kind, scenario, seed)];
  if (failure === undefined) return null;
  const target = { failure, beside: new Set(failures.filter(isBroken).map(failureKind)) };
  return new Search(focused(plain, target), target, options).run();
}

/** Kinds go by lines of the file, and the one written out has others; the failures come in the same order. */
function indexOf(kind: string, scenario: Scenario, seed: string): number {
  return runScenario(scenario, { seed }).result.failures.findIndex((one) => failureKind(one) === kind);
}

/** What is to stay: a failure, and what may break beside it as it did before. */
interface Target {
  readonly failure: Failure;
  readonly beside: ReadonlySet<string>;
}

/** Only the expectation that failed stays, if it fails by itself. */
function focused(plain: PlainScenario, target: Target): PlainScenario {
  const { failure } = target;
  if (failure.kind === 'invariant') return without(plain, 'expect');
  const alone = listOf(plain, 'expect').map((expectation) => withValue(plain, 'expect', [expectation]));
  return alone.find((one) => sameFailure(one, target)?.message === failure.message) ?? plain;
}

/** How a file fails if it fails as wanted, null otherwise. */
function sameFailure(plain: PlainScenario, { failure, beside }: Target): Failure | null {
  const failures = failuresOf(plain);
  const same = failures.find((one) => isSame(one, failure));
  if (same === undefined) return null;
  // A fault that meets nothing any more, say, is a failure of its own, and none to be committed.
  const others = failures.filter((one) => !isSame(one, failure));
  return others.every((one) => isBroken(one) && beside.has(failureKind(one))) ? same : null;
}

function isBroken({ kind }: Failure): boolean {
  return kind === 'invariant';
}

/** All that fails in a file; nothing where it is wrong. */
function failuresOf(plain: PlainScenario): readonly Failure[] {
  const loaded = loadScenarioFile(stringify(plain), 'shrunk.yaml', {});
  const scenario = loaded.ok ? loaded.scenarios[0] : undefined;
  if (scenario === undefined) return [];
  try {
    return runScenario(scenario, { maxEvents: MOST_EVENTS }).result.failures;
  } catch (error) {
    if (error instanceof Error && error.name === 'ScenarioRunError') return [];
    throw error;
  }
}

/** A candidate that takes longer than any run of the kind is no smaller one. */
const MOST_EVENTS = 20_000_000;

/** The same thing is broken in the same way: lines have moved, numbers are others. */
function isSame(failure: Failure, like: Failure): boolean {
  if (failure.kind !== like.kind) return false;
  if (like.kind === 'invariant') return failureKind(failure) === failureKind(like);
  return wordsOf(failure.message) === wordsOf(like.message);
}

/** A message without its numbers: nodes and relations stay. */
function wordsOf(message: string): string {
  return message.replace(/\d+(\.\d+)?/g, '0');
}

class Search {
  #best: PlainScenario;
  #failure: Failure;
  #tries = 0;
  readonly #target: Target;
  readonly #isTimeUp: () => boolean;
  readonly #better: (smaller: Shrunk) => void;
  readonly #counts = new Map<string, number>();
  /** What was tried and did not fail: reductions come by the same candidate more than once. */
  readonly #tried = new Set<string>();

  constructor(scenario: PlainScenario, target: Target, { isTimeUp, better = () => {} }: ShrinkOptions) {
    this.#best = scenario;
    this.#failure = target.failure;
    this.#target = target;
    this.#isTimeUp = isTimeUp;
    this.#better = better;
  }

  run(): Shrunk {
    this.#exhaust(OMISSIONS);
    this.#exhaust([...OMISSIONS, ...WEAKENINGS]);
    return this.#found(!this.#isTimeUp());
  }

  #found(isMinimal: boolean): Shrunk {
    return {
      scenario: this.#best,
      failure: this.#failure,
      steps: [...OMISSIONS, ...WEAKENINGS].flatMap(({ name }) => {
        const count = this.#counts.get(name) ?? 0;
        return count === 0 ? [] : [{ name, count }];
      }),
      tries: this.#tries,
      isMinimal,
    };
  }

  /** Reduces until none of these gets any further: each may make room for another one. */
  #exhaust(reductions: readonly Reduction[]): void {
    let progress = true;
    while (progress && !this.#isTimeUp()) {
      progress = false;
      for (const { name, candidates } of reductions) {
        while (this.#reduce(name, candidates)) progress = true;
      }
    }
  }

  /** Takes the first candidate that still fails in the same way; false where none does, or the time is up. */
  #reduce(name: string, candidates: (scenario: PlainScenario) => Iterable<PlainScenario>): boolean {
    for (const candidate of candidates(this.#best)) {
      if (this.#isTimeUp()) return false;
      const text = JSON.stringify(candidate);
      if (this.#tried.has(text)) continue;
      this.#tried.add(text);
      this.#tries++;
      const failure = sameFailure(candidate, this.#target);
      if (failure === null) continue;
      this.#best = candidate;
      this.#failure = failure;
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
      this.#better(this.#found(false));
      return true;
    }
    return false;
  }
}
