import type { ProfileName } from '../../sim/redis/profile.ts';
import type { ReplStateName } from '../../sim/redis/server.ts';
import type { CommandTemplate } from './command-template.ts';
import type { Plain } from './tree.ts';

/**
 * A scenario as the rest of the program knows it: checked, units resolved, groups spelled out, one case of
 * its matrix. Nothing in it is optional; what the file leaves out has its default here. Times are integer
 * microseconds of virtual time, sizes are bytes, rates bytes a second, probabilities 0 to 1.
 */
export interface Scenario {
  /** The path as it was given, `-` for standard input. */
  readonly file: string;
  readonly name: string;
  readonly about: string;
  readonly tags: readonly string[];
  readonly profile: ProfileName;
  readonly seed: string;
  readonly duration: number;
  readonly nodes: readonly NodeSpec[];
  readonly links: LinkTable;
  readonly clients: readonly ClientSpec[];
  readonly workload: readonly WorkloadSpec[];
  readonly timeline: readonly TimelineEntry[];
  /** Faults that each seed draws anew; null for none. */
  readonly nemesis: NemesisSpec | null;
  readonly expect: readonly Expectation[];
  readonly snapshots: readonly number[];
  readonly knownFailure: string | null;
  readonly mutants: readonly string[];
  readonly confirmed: readonly string[];
  /** The case's values, or null for a scenario without matrix and cases. */
  readonly case: Readonly<Record<string, string | number | boolean>> | null;
  /** Worth saying once and no error: directives without effect in the simulation. */
  readonly notes: readonly Note[];
  /** The file as it stands for this case, with the case's values in place, as plain values. */
  readonly plain: () => Plain;
}

/** Where in which file something stands; lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Note {
  readonly position: Position;
  readonly message: string;
}

export interface NodeSpec {
  readonly name: string;
  readonly position: Position;
  readonly profile: ProfileName;
  /** The configuration file: directives by their name in the profile, with one value per line given. */
  readonly config: ReadonlyMap<string, readonly string[]>;
  /** The node it starts as a replica of, `nowhere`, or null. */
  readonly replicaof: string | null;
  /** Bytes of DEBUG POPULATE data at time 0. */
  readonly dataset: number;
  readonly machine: MachineSpec;
  /** When its process starts, at most 0; null where the seed draws it. */
  readonly boot: number | null;
}

export interface MachineSpec {
  readonly saveBytesPerSecond: number;
  readonly loadBytesPerSecond: number;
  readonly forkMicrosPerGigabyte: number;
}

export interface LinkSpec {
  /** One way. */
  readonly latency: number;
  readonly jitter: number;
  /** Probability per packet. */
  readonly loss: number;
  /** Bytes a second. */
  readonly bandwidth: number;
}

export interface LinkTable {
  readonly default: LinkSpec;
  /** Directions with values of their own; a later entry wins over an earlier one. */
  readonly directions: readonly { readonly from: string; readonly to: string; readonly link: LinkSpec }[];
}

/** Connections of their own, beside a node. */
export interface ClientSpec {
  readonly name: string;
  readonly position: Position;
  readonly to: string;
  readonly count: number;
  readonly timeout: number;
  readonly retry: number;
}

export interface WorkloadSpec {
  readonly position: Position;
  /** What commands go over: a client by name, or a connection of the entry's own to these nodes. */
  readonly over: { readonly client: string } | { readonly nodes: Choice<readonly string[]> };
  readonly every: number;
  readonly from: number;
  readonly until: number;
  readonly commands: readonly CommandTemplate[];
}

/** One of several, drawn from the seed where there is more than one (`{ pick: [..] }`). */
export interface Choice<T> {
  readonly options: readonly T[];
  /** The name of the random stream that it is drawn from; empty where nothing is drawn. */
  readonly stream: string;
}

export interface TimelineEntry {
  readonly position: Position;
  /** The entry's own id, or null. */
  readonly id: string | null;
  readonly trigger: Trigger;
  readonly action: Action;
  /** `idle: ok`: a fault that touches nothing is no failure. */
  readonly idleOk: boolean;
}

export type Trigger =
  | { readonly kind: 'at'; readonly time: number }
  /** Since an entry acted: the one before (`step` null; the start for the first) or the one with this id. */
  | { readonly kind: 'after'; readonly step: string | null; readonly by: number }
  | {
      readonly kind: 'when';
      readonly condition: Condition;
      /** How long it must have held. */
      readonly hold: number;
      /** How long to wait for it, counted from arming; null for as long as the run lasts. */
      readonly within: number | null;
    };

export type Condition =
  | { readonly kind: 'info'; readonly node: string; readonly has: readonly FieldTest[] }
  | { readonly kind: 'repl_state'; readonly node: string; readonly state: ReplStateName }
  | { readonly kind: 'log'; readonly node: string; readonly pattern: Pattern }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  | { readonly kind: 'not'; readonly of: Condition };

/** A text to be contained, or a regular expression to match somewhere. */
export type Pattern =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regex'; readonly regex: RegExp; readonly source: string };

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** An INFO field's name, or a part of a master's line about one of its replicas. */
export type FieldRef =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'slave'; readonly replica: string; readonly part: 'state' | 'offset' | 'lag' };

export interface FieldTest {
  readonly position: Position;
  readonly field: FieldRef;
  /** The test as written, for messages. */
  readonly text: string;
  readonly test:
    | { readonly kind: 'compare'; readonly op: Comparison; readonly value: number | string }
    | { readonly kind: 'regex'; readonly regex: RegExp }
    | { readonly kind: 'other'; readonly op: Comparison; readonly node: string; readonly field: FieldRef };
}

/** A test of one number, as written and as compared. */
export interface NumberTest {
  readonly text: string;
  readonly op: Comparison;
  readonly value: number;
}

/** Where a timeline command goes: over a client, or over the operator's connection to each of the nodes. */
export type Route = { readonly client: string } | { readonly nodes: Choice<readonly string[]> };

export type ReplyTest =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'regex'; readonly regex: RegExp; readonly source: string };

/** Directions of links, by the nodes at their ends. */
export type Directions = readonly { readonly from: string; readonly to: string }[];

export type Action =
  | {
      readonly kind: 'run';
      readonly route: Route;
      readonly commands: readonly CommandTemplate[];
      /** One for each command, or null where nothing is expected. */
      readonly replies: readonly ReplyTest[] | null;
    }
  | {
      readonly kind: 'repeat-run';
      readonly route: Route;
      readonly times: number;
      /** 0 for back to back. */
      readonly every: number;
      readonly commands: readonly CommandTemplate[];
    }
  | {
      readonly kind: 'repeat-do';
      readonly times: number;
      readonly every: number;
      readonly entries: readonly TimelineEntry[];
    }
  | { readonly kind: 'point'; readonly client: string; readonly to: Choice<readonly string[]> }
  | Fault;

export type Fault =
  | { readonly kind: 'partition'; readonly links: Choice<Directions> }
  /** Null for `heal: all`. */
  | { readonly kind: 'heal'; readonly links: Choice<Directions> | null }
  | { readonly kind: 'reset'; readonly links: Choice<Directions> }
  | { readonly kind: 'link'; readonly links: Choice<Directions>; readonly set: Partial<LinkSpec> }
  | {
      readonly kind: 'kill' | 'poweroff' | 'wipe' | 'freeze' | 'thaw';
      readonly nodes: Choice<readonly string[]>;
    }
  | { readonly kind: 'start'; readonly nodes: Choice<readonly string[]>; readonly set: StartSettings }
  | { readonly kind: 'bgsave'; readonly nodes: Choice<readonly string[]>; readonly fails: boolean };

/** What `start:` changes in the node's configuration file; absent keys stay. */
export interface StartSettings {
  readonly config: ReadonlyMap<string, readonly string[]>;
  /** A node, `nowhere`, `no` for none; undefined leaves it. */
  readonly replicaof: string | undefined;
  readonly profile: ProfileName | undefined;
}

/** `outcome/reason`, or an outcome alone. */
export interface DecisionPattern {
  readonly outcome: 'partial' | 'full' | 'refused';
  readonly reason: string | null;
}

export type Expectation = ExpectationForm & { readonly position: Position };

export type ExpectationForm =
  | {
      readonly kind: 'psync';
      readonly replica: string;
      readonly master: string;
      readonly is: readonly DecisionPattern[] | null;
      readonly last: DecisionPattern | null;
      /** By outcome, outcome/reason or `completed`. */
      readonly count: readonly { readonly of: DecisionPattern | 'completed'; readonly test: NumberTest }[];
    }
  | {
      readonly kind: 'info';
      readonly node: string;
      readonly at: number | null;
      readonly has: readonly FieldTest[];
    }
  | {
      readonly kind: 'always' | 'never';
      readonly condition: Condition;
      readonly from: number;
      readonly until: number;
    }
  | {
      readonly kind: 'eventually';
      readonly condition: Condition;
      readonly from: number;
      readonly until: number;
    }
  | {
      readonly kind: 'converged';
      readonly nodes: readonly string[];
      readonly when:
        | { readonly at: number | null }
        /** Within so long after an entry acted (null: after the start). */
        | { readonly within: number; readonly after: string | null };
    }
  | { readonly kind: 'log'; readonly node: string; readonly pattern: Pattern; readonly count: NumberTest }
  | { readonly kind: 'order'; readonly steps: readonly OrderStep[] }
  | {
      readonly kind: 'lost_writes';
      readonly test: NumberTest;
      /** Null for the one master. */
      readonly of: readonly string[] | null;
      /** Writes that count as acknowledged: any reply, or a WAIT that reached so many. */
      readonly acked: { readonly kind: 'any' } | { readonly kind: 'wait'; readonly atLeast: number };
    }
  | { readonly kind: 'cost'; readonly tests: readonly { readonly of: CostName; readonly test: NumberTest }[] }
  | { readonly kind: 'violates'; readonly invariant: string };

/** The faults that a nemesis can draw. */
export const NEMESIS_FAULTS = [
  'partition',
  'reset',
  'link',
  'kill',
  'poweroff',
  'freeze',
  'bgsave',
  'failover',
] as const;
export type NemesisFault = (typeof NEMESIS_FAULTS)[number];

/** Who follows whom: as the file says, or drawn. The first node is the master of all. */
export const TOPOLOGIES = ['written', 'star', 'chain', 'tree', 'any'] as const;
export type Topology = (typeof TOPOLOGIES)[number];

/** A directive of which every node draws one value. */
export interface ConfigDraw {
  readonly directive: string;
  readonly values: readonly string[];
}

/** From least to most, both included, in microseconds. */
export interface Span {
  readonly least: number;
  readonly most: number;
}

export interface NemesisSpec {
  readonly position: Position;
  readonly faults: readonly NemesisFault[];
  /** How long after one fault the next one comes. */
  readonly every: Span;
  /** How long a fault lasts that does. */
  readonly for: Span;
  readonly nodes: readonly string[];
  readonly from: number;
  /** When everything is lifted. */
  readonly until: number;
  /** Each seed switches some kinds of faults off altogether. */
  readonly swarm: boolean;
  readonly topology: Topology;
  readonly config: readonly ConfigDraw[];
  /** A node's configuration with what it drew, as a file would have it. */
  readonly configure: (node: NodeSpec, drawn: Readonly<Record<string, string>>) => NodeSpec['config'];
  /** Entries of a timeline, as a file would have them, resolved. */
  readonly resolve: (entries: readonly PlainEntry[]) => readonly TimelineEntry[];
}

/** An entry of a timeline in the words of the scenario language. */
export type PlainEntry = Readonly<Record<string, Plain>>;

/** Bytes, a count, and microseconds for the last two. */
export type CostName = 'full_syncs' | 'full_bytes' | 'forks' | 'unreadable' | 'write_gap';

export type OrderStep =
  | {
      readonly kind: 'psync';
      readonly replica: string;
      readonly master: string;
      readonly is: DecisionPattern;
    }
  | { readonly kind: 'log'; readonly node: string; readonly pattern: Pattern }
  | { readonly kind: 'fault'; readonly id: string };
