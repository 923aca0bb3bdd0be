import { z } from 'zod';
import { ALL_REPL_STATE_NAMES } from '../../sim/redis/server.ts';
import { DURATION_PATTERN, SIZE_PATTERN } from './units.ts';

/**
 * The shape of a scenario file: which keys stand where and what kind of value each has. What the values mean
 * is checked afterwards (resolve.ts); editors get this shape as a JSON Schema. An entry and an expectation are
 * each one object with every action or form optional: a union would answer only "invalid input".
 */

const text = () => z.string();
const scalar = () =>
  z.union([z.string(), z.number(), z.boolean()], { error: 'must be a text, a number, yes or no' });
const nothingOr = <T extends z.ZodType>(schema: T) => schema.nullable();
const oneOrMany = <T extends z.ZodType>(schema: T, error: string) =>
  z.union([schema, z.array(schema)], { error });

const withUnit = (kind: string, pattern: string, examples: string[]) =>
  z
    .string({
      error: ({ input }) =>
        typeof input === 'number'
          ? `${input} has no unit\nwrite ${kind}, as in ${examples.join(' or ')}`
          : undefined,
    })
    .meta({ pattern: `${pattern}|\\$\\{`, examples });

const duration = () => withUnit('a duration', DURATION_PATTERN, ['250ms', '1.5s']);
const rate = () => withUnit('a rate', '^\\d+[kKmMgG]?[bB]?/s$', ['200mb/s']);
const bandwidth = () =>
  withUnit('a bandwidth', '^\\d+(\\.\\d+)?([kmg]?bps|[kKmMgG]?[bB]?/s)$', ['10gbps', '125mb/s']);
const percent = () => withUnit('a percentage', '^\\d+(\\.\\d+)?\\s*%$', ['20%']);
const size = () =>
  z.union([z.int().min(0), z.string().meta({ pattern: `${SIZE_PATTERN}|\\$\\{`, examples: ['16kb'] })], {
    error: 'must be a size\nas in 16kb',
  });
const count = () =>
  z.union([z.int().min(1), z.string().regex(/\$\{/)], { error: 'must be a whole number above zero' });
const numberTest = () =>
  z.union([z.number(), z.string()], { error: 'must be a number or a comparison\nas in ">= 1"' });

const names = 'must be a node, a group such as R1..R3 or all, or { pick: [A, B] }';
const pick = () => z.strictObject({ pick: oneOrMany(text(), 'must be a list') });
const nodes = () => z.union([z.string(), z.array(z.string()), pick()], { error: names });
const nodeList = () => oneOrMany(text(), 'must be a node or a list of nodes\nas in [A, B]');
const links = () =>
  z.union([z.string(), pick()], {
    error: 'must be a link such as A <-> B, A -> B or A | B C, or { pick: [..] }',
  });
const commands = () =>
  oneOrMany(
    z.string({ error: ({ input }) => (input === null ? 'a command is missing' : undefined) }),
    'must be a command or a list of commands\nas in [SET k v, WAIT 1 500]',
  );
const reply = () => nothingOr(scalar());

const config = () =>
  nothingOr(
    z.record(
      text(),
      oneOrMany(scalar(), 'must be a value, or a list for a directive that stands several times'),
    ),
  ).describe('redis.conf directives, in redis.conf units; old and new names are taken');
const profile = () => z.string().meta({ examples: ['redis-5.0', 'redis-7.0'] });
const replicaof = () => z.string().describe('A node, "nowhere", or host and port');
const condition = () => z.record(text(), oneOrMany(scalar(), 'must be a value or a list of values'));
const limited = { if: condition().describe('Only in the cases that have these values').optional() };

const linkFields = {
  latency: duration().describe('One way').optional(),
  rtt: duration().describe('There and back: sets the latency of both directions').optional(),
  jitter: duration().describe('Adds 0 to this, uniformly, per packet').optional(),
  loss: percent().describe('Per packet; shows as retransmission delay').optional(),
  bandwidth: bandwidth().optional(),
};
const link = () => nothingOr(z.strictObject(linkFields));

const node = () =>
  nothingOr(
    z.strictObject({
      config: config().optional(),
      conf: z.string().describe('A redis.conf beside the scenario').optional(),
      replicaof: replicaof().optional(),
      profile: profile().optional(),
      dataset: size().describe('Data it holds at time 0').optional(),
      machine: nothingOr(
        z.strictObject({
          save: rate().optional(),
          load: rate().optional(),
          fork: duration().describe('Per gigabyte').optional(),
        }),
      ).optional(),
      boot: duration().describe('When its process starts, at most 0s').optional(),
    }),
  );

const client = () =>
  z.strictObject({
    to: text().describe('The node its connections go to'),
    count: count().optional(),
    timeout: duration().optional(),
    retry: duration().optional(),
  });

const workload = () =>
  z.strictObject({
    ...limited,
    on: nodes().optional(),
    as: text().optional(),
    every: duration(),
    from: duration().describe('The first tick').optional(),
    until: duration().describe('No tick from here on').optional(),
    run: commands(),
  });

const fieldTests = () =>
  z.record(text(), scalar()).describe('INFO fields with a value, a comparison such as ">= 1" or a /regex/');

const conditionFields = {
  on: nodeList().optional(),
  info: z.union([nodeList(), fieldTests()], { error: 'must be a node, or a map of INFO fields' }).optional(),
  has: fieldTests().optional(),
  repl_state: z.enum(ALL_REPL_STATE_NAMES).optional(),
  log: nodeList().describe('With on: a text or /regex/; alone: a node, with contains').optional(),
  contains: text().optional(),
};
/** What may hold of a node, alone or combined. */
const nested: z.ZodType = z.strictObject({
  ...conditionFields,
  get all() {
    return z.array(nested).optional();
  },
  get any() {
    return z.array(nested).optional();
  },
  get not() {
    return nested.optional();
  },
});
const when = () =>
  z.strictObject({
    ...conditionFields,
    all: z.array(nested).optional(),
    any: z.array(nested).optional(),
    not: nested.optional(),
    for: duration().describe('It must have held that long').optional(),
    within: duration().describe('How long to wait for it').optional(),
  });

const changes = () =>
  z.union(
    [
      z.enum(['fail', 'ok']),
      z.strictObject({
        ...linkFields,
        config: config().optional(),
        replicaof: replicaof().optional(),
        profile: profile().optional(),
      }),
    ],
    { error: 'must be a map of changes, or fail or ok for bgsave' },
  );

const repeat = () =>
  z.strictObject({
    times: count(),
    every: duration().describe('Between repetitions; back to back without it').optional(),
    run: commands().optional(),
    get do() {
      return z.array(entry).optional();
    },
  });

/** A timeline entry: one trigger, one action. */
const entry: z.ZodType = z.strictObject({
  ...limited,
  id: text().describe('A name for after, order and converged').optional(),
  at: duration().describe('Since the start').optional(),
  after: z
    .union([duration(), z.strictObject({ step: text(), by: duration().optional() })], {
      error: 'must be a duration or { step: ID, by: 2s }',
    })
    .describe("Since the previous entry's action")
    .optional(),
  when: when().describe('As soon as this holds').optional(),
  for: duration().optional(),
  within: duration().optional(),
  on: nodes().describe('Where the commands go').optional(),
  as: text().describe('The client that sends them').optional(),
  run: commands().optional(),
  reply: z
    .union([reply(), z.array(reply())], {
      error: 'must be a text or /regex/, or a list for a list of commands',
    })
    .optional(),
  get repeat() {
    return repeat().optional();
  },
  point: text().describe('A client, moved to another node').optional(),
  to: nodes().optional(),
  partition: links().describe('Packets vanish silently').optional(),
  heal: links().optional(),
  reset: links().describe('Every open connection between the two is reset').optional(),
  link: links().describe('The link changes from now on').optional(),
  kill: nodes().describe('The process dies').optional(),
  poweroff: nodes().describe('The machine dies').optional(),
  start: nodes().describe('It starts again').optional(),
  wipe: nodes().describe('Its disk is empty from now on').optional(),
  freeze: nodes().describe('SIGSTOP').optional(),
  thaw: nodes().describe('SIGCONT').optional(),
  bgsave: nodes().describe('Background saves fail, or work again').optional(),
  set: changes().optional(),
  idle: z.literal('ok').describe('It may touch nothing').optional(),
});

const orderStep = () =>
  z.strictObject({
    psync: text().optional(),
    is: text().optional(),
    log: text().optional(),
    contains: text().optional(),
    fault: text().optional(),
  });

const expectation = () =>
  z.strictObject({
    ...limited,
    psync: text().describe('A replica and its master, as C -> B').optional(),
    is: oneOrMany(text(), 'must be a list of decisions\nas in [full/forced, partial/replid]').optional(),
    last: text().optional(),
    count: z
      .union([z.number(), z.string(), z.record(text(), numberTest())], {
        error: 'must be a comparison or a map of them',
      })
      .optional(),
    info: nodeList().optional(),
    has: fieldTests().optional(),
    at: duration().optional(),
    always: nested.optional(),
    never: nested.optional(),
    eventually: nested.optional(),
    from: duration().optional(),
    until: duration().optional(),
    within: duration().optional(),
    converged: nodeList().optional(),
    after: text().optional(),
    log: nodeList().optional(),
    contains: text().optional(),
    order: z.array(orderStep()).optional(),
    lost_writes: numberTest().optional(),
    of: nodeList().optional(),
    acked: text()
      .meta({ examples: ['any', 'wait>=1'] })
      .optional(),
    cost: z
      .strictObject({
        full_syncs: numberTest().optional(),
        full_bytes: numberTest().optional(),
        forks: numberTest().optional(),
        unreadable: numberTest().optional(),
        write_gap: numberTest().optional(),
      })
      .optional(),
    violates: oneOrMany(text(), 'must be an invariant or a list of them').optional(),
  });

const span = () => z.string().meta({ examples: ['2s..10s'] });
const share = () => z.string().meta({ examples: ['80%', '30s'] });
const nemesis = () =>
  z.strictObject({
    faults: oneOrMany(text(), 'must be a fault or a list of them').optional(),
    every: span().optional(),
    for: span().optional(),
    nodes: nodeList().optional(),
    from: share().optional(),
    until: share().optional(),
    swarm: scalar().optional(),
  });

const value = () => scalar();

export const scenarioSchema = z.strictObject({
  name: text().describe('One line'),
  about: nothingOr(text()).describe('Markdown: what there is to learn').optional(),
  tags: nothingOr(z.array(scalar())).optional(),
  profile: profile().optional(),
  seed: z.union([z.number(), z.string()], { error: 'must be a number or a text' }).optional(),
  duration: duration().describe('Virtual time'),
  nodes: z.record(text(), node()),
  links: nothingOr(z.record(text(), link())).optional(),
  clients: nothingOr(z.record(text(), client())).optional(),
  workload: nothingOr(z.array(workload())).optional(),
  timeline: nothingOr(z.array(entry)).optional(),
  expect: nothingOr(z.array(expectation())).optional(),
  snapshots: nothingOr(z.array(duration())).optional(),
  matrix: z.record(text(), z.array(z.union([value(), z.array(value())]))).optional(),
  cases: z.array(z.record(text(), z.union([value(), z.array(value())]))).optional(),
  known_failure: text().optional(),
  mutants: nothingOr(z.union([text(), z.array(text())])).optional(),
  confirmed: oneOrMany(scalar(), 'must be a version or a list of versions').optional(),
  nemesis: nothingOr(nemesis()).describe('Faults drawn from the seed').optional(),
});

/** The shape of scenario files as JSON Schema (draft 7), for editors. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' }) as Record<
    string,
    unknown
  >;
  return { ...schema, title: 'A psynclab scenario' };
}
