import { z } from 'zod';
import { ALL_REPL_STATE_NAMES } from '../../sim/redis/server.ts';
import { linkFields } from './schema-cluster.ts';
import {
  commands,
  config,
  count,
  duration,
  fieldTests,
  limited,
  links,
  master,
  nodeList,
  nodes,
  pattern,
  profile,
  reply,
  text,
} from './schema-values.ts';

/** What happens when: conditions, and the entries of a timeline. */

const conditionFields = {
  on: nodeList()
    .describe('The nodes asked. Of several it must hold of all, under `never` or `not` of any of them.')
    .optional(),
  info: z
    .union([nodeList(), fieldTests()], { error: 'must be a node, or a map of INFO fields' })
    .meta({ title: 'INFO fields with tests, or nodes' })
    .describe('With `on` the fields of its INFO and what they must be; alone the nodes that `has` is about.')
    .optional(),
  has: fieldTests().describe('The fields of INFO and what they must be, beside `info: NODE`.').optional(),
  repl_state: z
    .enum(ALL_REPL_STATE_NAMES)
    .meta({ title: 'state' })
    .describe("The replica's own state on its way to its master, by Redis's name for it.")
    .optional(),
  log: nodeList()
    .meta({ title: 'text or /regex/, or nodes' })
    .describe('With `on` the line that its log must get; alone the nodes that `contains` is about.')
    .optional(),
  contains: pattern().describe('The line that the log must get, beside `log: NODE`.').optional(),
};

const combinations = {
  all: 'Each of these conditions holds.',
  any: 'At least one of these conditions holds.',
  not: 'This condition does not hold.',
};

/** What may hold of a node, alone or combined. */
export const nested: z.ZodType = z.strictObject({
  ...conditionFields,
  get all() {
    return conditions().describe(combinations.all).optional();
  },
  get any() {
    return conditions().describe(combinations.any).optional();
  },
  get not() {
    return nested.meta({ title: 'condition' }).describe(combinations.not).optional();
  },
});

const conditions = () => z.array(nested).meta({ title: 'conditions' });

const hold = () =>
  duration().describe('With `when`: it must have held this long without a break.').optional();
const patience = () =>
  duration()
    .describe('With `when`: how long to wait for it before the run fails; without it to the end of the run.')
    .optional();

export const when = () =>
  z
    .strictObject({
      ...conditionFields,
      all: conditions().describe(combinations.all).optional(),
      any: conditions().describe(combinations.any).optional(),
      not: nested.meta({ title: 'condition' }).describe(combinations.not).optional(),
      for: hold(),
      within: patience(),
    })
    .meta({ title: 'condition' });

const changes = () =>
  z
    .union(
      [
        z.enum(['fail', 'ok']),
        z.strictObject({
          ...linkFields,
          config: config().describe('For `start`: directives that replace those of its file.').optional(),
          replicaof: master()
            .describe('For `start`: whom it replicates from now on; `no` makes it a master.')
            .optional(),
          profile: profile()
            .describe('For `start`: the version of Redis that it is started with.')
            .optional(),
        }),
      ],
      { error: 'must be a map of changes, or fail or ok for bgsave' },
    )
    .meta({ title: 'changes, or fail or ok' });

const repeat = () =>
  z
    .strictObject({
      times: count().describe('How often.'),
      every: duration().describe('The time between two repetitions; back to back without it.').optional(),
      run: commands().describe('The commands to repeat; `{n}` counts the repetitions from 0.').optional(),
      get do() {
        return z
          .array(entry)
          .meta({ title: 'entries' })
          .describe('Entries to repeat, with `after` or `when` as triggers, in place of `run`.')
          .optional();
      },
    })
    .meta({ title: 'map' });

const ofLink = (link: string, meaning: string) =>
  links()
    .meta({ examples: [link] })
    .describe(meaning)
    .optional();
const ofNode = (meaning: string) =>
  nodes()
    .meta({ examples: ['A'] })
    .describe(meaning)
    .optional();

const triggers = {
  at: duration().describe('Acts at this time since the start, whatever else happens.').optional(),
  after: z
    .union(
      [
        duration(),
        z.strictObject({
          step: text().meta({ title: 'id' }).describe('The `id` of the entry that is waited for.'),
          by: duration().meta({ default: '0s' }).describe('So long after that entry has acted.').optional(),
        }),
      ],
      { error: 'must be a duration or { step: ID, by: 2s }' },
    )
    .meta({ title: 'duration, or step and by', examples: ['1s', { step: 'cut', by: '2s' }] })
    .describe(
      'Acts so long after the entry before it: after its last reply or repetition. With `step`, after the entry of that id.',
    )
    .optional(),
  when: when()
    .describe('Acts as soon as this holds. Looked at from the moment the entry before it has acted.')
    .optional(),
  for: hold(),
  within: patience(),
};

const orders = {
  on: nodes().describe("The nodes that get the commands, over each one's operator connection.").optional(),
  as: text()
    .meta({ title: 'client' })
    .describe('The client that sends the commands, in place of `on`.')
    .optional(),
  run: commands()
    .meta({ examples: ['SET k v'] })
    .describe('Sends commands, each after the reply to the one before it.')
    .optional(),
  reply: z
    .union([reply(), z.array(reply())], {
      error: 'must be a text or /regex/, or a list for a list of commands',
    })
    .meta({ title: 'text or /regex/, or list', examples: ['+OK', '/^-NOREPLICAS/'] })
    .describe('What the reply must be; a list for a list of commands, null for a nil reply.')
    .optional(),
  repeat: repeat()
    .meta({ examples: [{ times: 100, run: 'INCR k' }] })
    .describe('Repeats commands (`run`) or whole entries (`do`).')
    .optional(),
  point: text()
    .meta({ title: 'client', examples: ['app'] })
    .describe('Moves a client to the node under `to`: its next attempt goes there.')
    .optional(),
  to: nodes().meta({ title: 'node or pick' }).describe('Where `point` moves the client.').optional(),
};

const faults = {
  partition: ofLink(
    'A <-> B',
    'Packets vanish without a word, those under way too. Open connections stay open and stall.',
  ),
  heal: ofLink(
    'A <-> B',
    'Ends partitions, of these links or of `all`. What was lost meanwhile, SYNs too, is sent again at once.',
  ),
  reset: ofLink('A <-> B', 'Every connection that is open between the two is reset at both ends.'),
  link: ofLink('A <-> B', 'The link is as `set` says from now on; keys not given stay.'),
  kill: ofNode('The process dies. Its kernel closes its sockets, and new connections are refused.'),
  poweroff: ofNode('The machine dies: silence, no socket is closed, and new connections hang.'),
  start: ofNode(
    "It starts again with its configuration file and what its disk holds. The file is the scenario's, as `CONFIG REWRITE` or `set` changed it.",
  ),
  wipe: ofNode('Its disk is empty from now on.'),
  freeze: ofNode(
    'The process stops as with SIGSTOP. Its kernel still acknowledges, until the socket buffers are full.',
  ),
  thaw: ofNode('The process goes on as with SIGCONT.'),
  bgsave: ofNode('Background saves fail from now on (`set: fail`), or work again (`set: ok`).'),
};

/** A timeline entry: one trigger, one action. */
export const entry: z.ZodType = z
  .strictObject({
    ...triggers,
    id: text()
      .meta({ title: 'id' })
      .describe('A name for this entry, which `after: { step }`, `order` and `converged` can ask for.')
      .optional(),
    ...orders,
    ...faults,
    set: changes()
      .meta({ examples: [{ latency: '200ms', loss: '20%' }] })
      .describe('What `link` or `start` changes; `fail` or `ok` for `bgsave`.')
      .optional(),
    idle: z
      .literal('ok')
      .meta({ title: 'ok' })
      .describe('The fault may touch nothing. Without it such a fault fails the run as vacuous.')
      .optional(),
    ...limited,
  })
  .describe('One trigger (`at`, `after` or `when`) and one action.');
