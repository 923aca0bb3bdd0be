import { z } from 'zod';
import { INVARIANT_NAMES } from '../../sim/invariants/index.ts';
import { DECISION_NAMES } from './decisions.ts';
import { nested } from './schema-timeline.ts';
import {
  duration,
  fieldTests,
  limited,
  nodeList,
  numberTest,
  oneOrMany,
  pattern,
  text,
} from './schema-values.ts';

/** What must be true of a run. */

const decision = () => text().meta({ title: 'decision', examples: [...DECISION_NAMES] });

const orderStep = () =>
  z.strictObject({
    psync: text()
      .meta({ title: 'link' })
      .describe('A decision on this link, `REPLICA -> MASTER`; `is` says which.')
      .optional(),
    is: decision().describe('The decision, for `psync`.').optional(),
    log: text()
      .meta({ title: 'node' })
      .describe("A line of this node's log; `contains` says which.")
      .optional(),
    contains: pattern().describe('What the line contains, for `log`.').optional(),
    fault: text()
      .meta({ title: 'id' })
      .describe('The timeline entry with this `id` acts, fault or command.')
      .optional(),
  });

const cost = () =>
  z.strictObject({
    full_syncs: numberTest().describe('Full synchronizations that were granted.').optional(),
    full_bytes: numberTest()
      .meta({ title: 'size or comparison', examples: ['< 10gb'] })
      .describe('Bytes of RDB sent, those of unfinished synchronizations too.')
      .optional(),
    forks: numberTest().describe('Children started to save.').optional(),
    unreadable: numberTest()
      .meta({ title: 'duration or comparison', examples: ['< 60s'] })
      .describe(
        'The time during which processes that were up could not serve a read (loading, -MASTERDOWN), summed over all nodes.',
      )
      .optional(),
    write_gap: numberTest()
      .meta({ title: 'duration or comparison', examples: ['< 15s'] })
      .describe(
        'The longest time between two acknowledged writes of one workload entry or client, between its first and its last attempt.',
      )
      .optional(),
  });

const conditionOf = (meaning: string) =>
  nested
    .meta({ title: 'condition', examples: [{ info: 'B', has: { role: 'master' } }] })
    .describe(meaning)
    .optional();

const forms = {
  psync: text()
    .meta({ title: 'link', examples: ['C -> B'] })
    .describe('The decisions on this link, written `REPLICA -> MASTER`, are as `is`, `last` or `count` say.')
    .optional(),
  info: nodeList()
    .meta({ examples: ['A'] })
    .describe('The fields under `has` have these values, at the end or `at` a time.')
    .optional(),
  always: conditionOf('The condition holds after every event from `from` until `until`.'),
  never: conditionOf('The condition holds after no event from `from` until `until`.'),
  eventually: conditionOf('The condition holds after at least one event from `from` until `until`.'),
  converged: nodeList()
    .meta({ examples: [['A', 'B']] })
    .describe(
      'These nodes have the same replication id, offset and data: at the end, `at` a time, or at some moment `within` a time.',
    )
    .optional(),
  log: nodeList()
    .meta({ examples: ['A'] })
    .describe('So many lines of the log, `count`, contain what `contains` says.')
    .optional(),
  order: z
    .array(orderStep())
    .meta({
      title: 'steps',
      examples: [[{ fault: 'cut' }, { psync: 'C -> B', is: 'partial/replid2' }]],
    })
    .describe('Each step happens after the one before it; others may lie between.')
    .optional(),
  lost_writes: numberTest()
    .meta({ examples: [0] })
    .describe(
      'So many acknowledged writes are missing at the end. They are counted by history, not by key; a `dataset` counts as one write, acknowledged at time 0.',
    )
    .optional(),
  cost: cost()
    .meta({ title: 'map', examples: [{ forks: 1, write_gap: '< 15s' }] })
    .describe('Each of these costs of the run is as said.')
    .optional(),
  violates: oneOrMany(
    text().meta({ examples: [...INVARIANT_NAMES] }),
    'must be an invariant or a list of them',
  )
    .meta({ title: 'invariant or list', examples: ['one-history'] })
    .describe('The run breaks this invariant. That is no failure then; breaking any other still is.')
    .optional(),
};

const modifiers = {
  is: oneOrMany(decision(), 'must be a list of decisions\nas in [full/forced, partial/replid]')
    .meta({ title: 'decisions' })
    .describe('All the decisions on that link, in order. An outcome alone (`full`) takes any reason.')
    .optional(),
  last: decision().describe('The last decision on that link.').optional(),
  count: z
    .union([z.number(), z.string(), z.record(text(), numberTest())], {
      error: 'must be a comparison or a map of them',
    })
    .meta({ title: 'map, or number or comparison', examples: [{ full: '<= 1', completed: 1 }] })
    .describe(
      'For `psync` a map: how often each decision, or `completed` for full synchronizations that came to their end. For `log` how many lines, `>= 1` without it.',
    )
    .optional(),
  has: fieldTests().describe('For `info`: the fields and what they must be.').optional(),
  at: duration()
    .describe('For `info` and `converged`: when, after everything of that time. The end without it.')
    .optional(),
  from: duration()
    .meta({ default: '0s' })
    .describe('For `always`, `never` and `eventually`: where the time begins.')
    .optional(),
  until: duration()
    .describe('For `always`, `never` and `eventually`: where the time ends; the end of the run without it.')
    .optional(),
  within: duration()
    .describe(
      'For `eventually`, counted from `from`, in place of `until`; for `converged`, counted from the start or from `after`.',
    )
    .optional(),
  after: text()
    .meta({ title: 'id' })
    .describe('For `converged`: the `id` of the timeline entry from which `within` counts.')
    .optional(),
  contains: pattern()
    .describe('For `log`: a text that the line contains, or a regular expression.')
    .optional(),
  of: nodeList()
    .describe('For `lost_writes`: whose histories must hold the writes; without it the one master.')
    .optional(),
  acked: text()
    .meta({ title: 'any or wait>=N', default: 'any', examples: ['any', 'wait>=1'] })
    .describe(
      'For `lost_writes`: which writes count: all with a reply, or those that a WAIT saw on N replicas.',
    )
    .optional(),
};

export const expectation = () =>
  z
    .strictObject({ ...forms, ...modifiers, ...limited })
    .describe('One form, and the keys that go with it. One that does not hold fails the run.');
