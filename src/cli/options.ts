import type { ReporterName } from '../reporters/create.ts';

/**
 * The command line as a table: the parser, the help and the hints for misspelled words come from here.
 */

export interface OptionSpec {
  /** `list` may be given more than once; a `string` may not. */
  readonly type: 'boolean' | 'string' | 'list';
  readonly about: string;
  /** What stands for the value in the help. */
  readonly value?: string;
  readonly choices?: readonly string[];
}

export const REPORTERS = [
  'text',
  'json',
  'ndjson',
  'tap',
  'junit',
  'github',
] as const satisfies ReporterName[];

export const TEMPLATES = ['failover', 'backlog', 'herd', 'restart'] as const;

export const OPTIONS = {
  seed: { type: 'string', value: 'S', about: "run with this seed instead of the file's" },
  profile: { type: 'string', value: 'P', about: "Redis version to follow, instead of the file's" },
  set: {
    type: 'list',
    value: 'WHAT=VALUE',
    about: "change a setting: 'A.repl-timeout=10', 'all.hz=50', 'A<->B.latency=75ms'; repeatable",
  },
  case: { type: 'list', value: 'K=V', about: 'run only the cases with this value; repeatable' },
  'max-events': { type: 'string', value: 'N', about: 'end a run as failed after N events (100,000,000)' },
  mutant: {
    type: 'list',
    value: 'M',
    about: 'break a rule of the protocol (psynclab list --mutants names them); repeatable',
  },
  color: { type: 'boolean', about: 'colour, or --no-color for none (default: if a terminal reads)' },
  seeds: { type: 'string', value: 'N | A..B', about: 'run with each of these seeds; 200 means 1..200' },
  json: { type: 'boolean', about: 'short for --reporter json' },
  reporter: { type: 'string', value: 'R', choices: REPORTERS, about: 'what to write' },
  bail: { type: 'boolean', about: 'stop at the first run that fails' },
  suggest: { type: 'boolean', about: 'write expectations that hold in this run, for the file' },
  tags: { type: 'boolean', about: 'list the tags, and how many scenarios have each' },
  tag: { type: 'list', value: 'TAG', about: 'only scenarios that have this tag; given twice, both' },
  mutants: {
    type: 'boolean',
    about: 'list the rules that --mutant breaks, and what goes wrong without each',
  },
  out: {
    type: 'string',
    value: 'PATH',
    about: 'where to write: init to a new file, report into a folder (reports)',
  },
  format: { type: 'string', value: 'md,html', about: 'what to write (both)' },
  open: { type: 'boolean', about: 'show the report once it is written' },
  handout: { type: 'boolean', about: 'Markdown that asks first and answers on its last page' },
  server: {
    type: 'list',
    value: 'PATH',
    about: 'the redis-server to play on; given once for each version that nodes are to run',
  },
  record: { type: 'string', value: 'FILE', about: 'keep what the real servers did' },
  recorded: { type: 'string', value: 'FILE', about: 'compare with what was kept, without a server' },
  jobs: { type: 'string', value: 'N', about: 'how many at once (4)' },
  decision: { type: 'string', value: 'N', about: 'explain only this decision, by its number in the table' },
  node: { type: 'string', value: 'NAME', about: 'explain only what this node asked or answered' },
  around: { type: 'string', value: 'TIME', about: 'explain only what happened within 2s of this time' },
  ask: {
    type: 'boolean',
    about: 'show what is asked and what the master holds, and let the reader guess first',
  },
  state: { type: 'boolean', about: "show what changed in the servers' states, event by event" },
  time: { type: 'string', value: 'T', about: 'stop after so much real time: 60s, 5m' },
  shard: { type: 'string', value: 'I/N', about: 'play only the I-th of N parts' },
  resume: {
    type: 'string',
    value: 'FILE',
    about: 'keep there what is found, and go on from it if it is there',
  },
  futures: { type: 'string', value: 'N', about: 'how many futures of each moment to play (40)' },
  html: { type: 'string', value: 'FILE', about: 'write it as a page, too' },
  strict: { type: 'boolean', about: 'an inconclusive comparison exits 1 too' },
} as const satisfies Readonly<Record<string, OptionSpec>>;

export type OptionName = keyof typeof OPTIONS;

type ValueOf<Spec extends OptionSpec> = Spec['type'] extends 'boolean'
  ? boolean
  : Spec['type'] extends 'list'
    ? readonly string[]
    : string;

/** The values given, by option; what was not given is absent. */
export type OptionValues = { readonly [Name in OptionName]?: ValueOf<(typeof OPTIONS)[Name]> };

export interface CommandSpec {
  readonly usage: string;
  readonly about: string;
  readonly options: readonly OptionName[];
  /** Whether words may follow the command. */
  readonly operands: boolean;
  readonly examples?: readonly (readonly [command: string, about: string])[];
}

/** Options that every command which reads scenarios knows. */
const EVERYWHERE = ['seed', 'profile', 'set', 'case', 'max-events', 'mutant', 'color'] as const;

export const COMMANDS = {
  run: {
    usage: 'run FILE|DIR|GLOB|-...',
    about: 'run scenarios and say whether all held',
    options: ['seeds', 'tag', 'json', 'reporter', 'bail', 'suggest', ...EVERYWHERE],
    operands: true,
    examples: [
      ['psynclab run failover.yaml', 'the story of one run'],
      ['psynclab run scenarios --seeds 200 --bail', 'every scenario with seeds 1 to 200'],
      ['psynclab run "scenarios/**/*.yaml" --reporter junit > junit.xml', 'for a CI'],
    ],
  },
  explain: {
    usage: 'explain FILE|TEXT',
    about: 'why each PSYNC was answered as it was, or what a log line means',
    options: ['decision', 'node', 'around', 'ask', 'state', 'json', ...EVERYWHERE],
    operands: true,
    examples: [
      ['psynclab explain failover.yaml', 'every full sync and refusal of the run, rule by rule'],
      ['psynclab explain failover.yaml --decision 3', 'one decision, whatever it was'],
      ['psynclab explain "MASTER timeout: no data nor PING received..."', 'a line of a log'],
      ['psynclab explain full/replid-mismatch', 'a decision by its name'],
    ],
  },
  report: {
    usage: 'report FILE|DIR|GLOB...',
    about: 'write reports with pictures',
    options: ['out', 'format', 'open', 'handout', ...EVERYWHERE],
    operands: true,
    examples: [
      ['psynclab report failover.yaml --open', 'into reports/, and show it'],
      ['psynclab report scenarios --format md --out lessons', 'Markdown and its pictures alone'],
      ['psynclab report failover.yaml --handout', 'questions first, for a class'],
    ],
  },
  compare: {
    usage: 'compare FILE [FILE]',
    about: 'two runs of one seed side by side, from where they part',
    options: ['html', ...EVERYWHERE],
    operands: true,
    examples: [
      [
        'psynclab compare a.yaml --set A.repl-backlog-size=16mb',
        'as the file is, and with one thing changed',
      ],
      ['psynclab compare a.yaml --profile redis-7.0', 'what another version does'],
      ['psynclab compare before.yaml after.yaml', 'two files'],
      ['psynclab compare a.yaml --case lag=1 --case lag=2', 'two cases of one file'],
    ],
  },
  sweep: {
    usage: 'sweep FILE|DIR|GLOB...',
    about: 'play scenarios under many seeds, and tell what failed and what was seen',
    options: ['seeds', 'jobs', 'time', 'shard', 'resume', 'json', ...EVERYWHERE],
    operands: true,
    examples: [
      ['psynclab sweep storm.yaml --seeds 10000', 'on all cores'],
      ['psynclab sweep storm.yaml --time 60s', 'for a minute'],
      ['psynclab sweep storm.yaml --seeds 10000 --resume storm.json', 'stopped, and begun again, it goes on'],
      ['psynclab sweep storm.yaml --seeds 10000 --shard 2/8 --json > 2.json', 'the second of eight machines'],
    ],
  },
  merge: {
    usage: 'merge FILE...',
    about: 'join what the shards of a sweep found',
    options: ['json', 'color'],
    operands: true,
    examples: [['psynclab merge 1.json 2.json', 'what sweep --json printed on two machines']],
  },
  shrink: {
    usage: 'shrink FILE --seed S',
    about: 'make a failing run the smallest scenario that fails in the same way',
    options: ['out', 'time', ...EVERYWHERE],
    operands: true,
    examples: [['psynclab shrink storm.yaml --seed 17 --out lost-write.yaml', 'a file to commit']],
  },
  likelihood: {
    usage: 'likelihood FILE --seed S',
    about: 'how likely a failure was from each moment of its run on',
    options: ['futures', 'time', 'html', 'json', ...EVERYWHERE],
    operands: true,
    examples: [
      ['psynclab likelihood storm.yaml --seed 17', 'when it became certain'],
      ['psynclab likelihood storm.yaml --seed 17 --html certain.html', 'the same as a picture, too'],
    ],
  },
  conform: {
    usage: 'conform FILE|DIR|GLOB... --server PATH | --recorded FILE',
    about: 'play scenarios on real redis-server processes and compare',
    options: ['server', 'record', 'recorded', 'jobs', 'strict', 'json', ...EVERYWHERE],
    operands: true,
    examples: [
      ['psynclab conform failover.yaml --server /usr/bin/redis-server', 'on servers started for it'],
      ['psynclab conform a.yaml --server ./redis-server --record a.json', 'keep what they did'],
      ['psynclab conform mixed.yaml --server ./redis-5 --server ./redis-7', 'nodes of two versions'],
      ['psynclab conform a.yaml --recorded a.json', 'compare later, without a server'],
    ],
  },
  list: {
    usage: 'list [FILE|DIR|GLOB...]',
    about: 'list scenarios (default: scenarios, if there is such a directory)',
    options: ['tag', 'tags', 'mutants', 'json', ...EVERYWHERE],
    operands: true,
    examples: [
      ['psynclab list scenarios/06-failover', 'one topic'],
      ['psynclab list --tag ttl', 'all that is about one thing'],
      ['psynclab list --mutants', 'what a Redis can be broken in'],
    ],
  },
  init: {
    usage: `init [${TEMPLATES.join('|')}]`,
    about: 'print a commented scenario to start from',
    options: ['out', 'color'],
    operands: true,
    examples: [['psynclab init backlog --out backlog.yaml', 'write it to a file']],
  },
  schema: {
    usage: 'schema',
    about: 'print the JSON Schema of scenario files, with which editors complete and explain keys',
    options: ['color'],
    operands: false,
  },
} as const satisfies Readonly<Record<string, CommandSpec>>;

export type CommandName = keyof typeof COMMANDS;

/** A command's row of the table, without its literal types. */
export function commandSpec(name: CommandName): CommandSpec {
  return COMMANDS[name];
}

/** An option's row of the table, without its literal types. */
export function optionSpec(name: OptionName): OptionSpec {
  return OPTIONS[name];
}

export const COMMAND_NAMES = Object.keys(COMMANDS) as CommandName[];
export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];
