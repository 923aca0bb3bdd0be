import { z } from 'zod';
import { MUTANTS } from '../../sim/mutants/index.ts';
import { NEMESIS_FAULTS, TOPOLOGIES } from './scenario.ts';
import { client, link, node, workload } from './schema-cluster.ts';
import { expectation } from './schema-expect.ts';
import { forEditors } from './schema-for-editors.ts';
import type { Json } from './schema-keys.ts';
import { entry } from './schema-timeline.ts';
import { duration, nodeList, nothingOr, oneOrMany, profile, scalar, text } from './schema-values.ts';

/**
 * The shape of a scenario file: which keys stand where, what kind of value each has, and what it means. What the
 * values say is checked afterwards (resolve.ts); editors get this shape as a JSON Schema, and docs/language.md its
 * tables. An entry and an expectation are each one object with every action or form optional: a union would answer
 * only "invalid input".
 */

const span = () => z.string().meta({ title: 'duration or span', examples: ['2s..10s'] });
const share = () => z.string().meta({ title: 'duration or percentage', examples: ['80%', '30s'] });
const nemesis = () =>
  z.strictObject({
    faults: oneOrMany(text().meta({ examples: [...NEMESIS_FAULTS] }), 'must be a fault or a list of them')
      .meta({ title: 'fault or list' })
      .describe('The kinds of faults to draw from; all of them without it.')
      .optional(),
    every: span()
      .meta({ default: '2s..10s' })
      .describe('How long after the beginning of one fault the next one begins.')
      .optional(),
    for: span().meta({ default: '500ms..8s' }).describe('How long a fault lasts.').optional(),
    nodes: nodeList().meta({ default: 'all' }).describe('The nodes that it harms and promotes.').optional(),
    from: share()
      .meta({ default: '5s' })
      .describe('From when on it draws; a percentage is a part of the duration.')
      .optional(),
    until: share()
      .meta({ default: '80%' })
      .describe('When every fault is lifted, dead nodes start, and all follow the last master again.')
      .optional(),
    topology: text()
      .meta({ title: TOPOLOGIES.join(', '), default: 'written', examples: [...TOPOLOGIES] })
      .describe('Who follows whom at the start; `any` draws one of the others. The first node is the master.')
      .optional(),
    config: nothingOr(z.record(text(), z.array(scalar(), { error: 'must be a list of values' }).min(1)))
      .meta({ title: 'map of lists', examples: [{ 'repl-backlog-size': ['16kb', '1mb'] }] })
      .describe('Directives with the values that each node draws from.')
      .optional(),
    swarm: scalar()
      .meta({ title: 'yes or no', default: 'yes' })
      .describe(
        'Each seed leaves about half of the kinds of faults and of the directives out, so that the others meet more often.',
      )
      .optional(),
  });

const caseValue = () => z.union([scalar(), z.array(scalar())]);
const noted = (error: string) => oneOrMany(scalar(), error);

export const scenarioSchema = z.strictObject({
  name: text().describe('What the scenario shows, in one line.'),
  about: nothingOr(text())
    .meta({ title: 'Markdown' })
    .describe('What there is to learn from it; reports begin with it.')
    .optional(),
  tags: nothingOr(z.array(scalar()))
    .meta({ title: 'list', examples: [['failover', 'replid2']] })
    .describe('Words to find it by; `psynclab list` shows them.')
    .optional(),
  profile: profile()
    .meta({ default: 'redis-5.0' })
    .describe('The version of Redis that every node runs which names none of its own.')
    .optional(),
  seed: z
    .union([z.number(), z.string()], { error: 'must be a number or a text' })
    .meta({ title: 'number or text', default: 1 })
    .describe(
      'Where all chance comes from: ids, boot times, jitter, loss, picks, the nemesis. Taken as written: 007 is not 7.',
    )
    .optional(),
  duration: duration()
    .meta({ examples: ['30s', '10m'] })
    .describe('How long the run lasts, in virtual time.'),
  nodes: z
    .record(text(), node())
    .meta({ title: 'map of nodes' })
    .describe('The Redis servers by name; `R1..R20` makes twenty alike.'),
  links: nothingOr(z.record(text(), link()))
    .meta({ title: 'map of links' })
    .describe(
      'How links behave: `default` all of them, `A <-> B` both directions of one, `A -> B` one direction.',
    )
    .optional(),
  clients: nothingOr(z.record(text(), client()))
    .meta({ title: 'map of clients' })
    .describe('Applications with connections of their own, by name; `as` sends over one.')
    .optional(),
  workload: nothingOr(z.array(workload()))
    .meta({ title: 'list' })
    .describe('Traffic: commands at a steady pace.')
    .optional(),
  timeline: nothingOr(z.array(entry))
    .meta({ title: 'list of entries' })
    .describe('What happens when: each entry is one trigger and one action.')
    .optional(),
  expect: nothingOr(z.array(expectation()))
    .meta({ title: 'list' })
    .describe('What must be true for the run to pass; invariants and faults are judged without it too.')
    .optional(),
  snapshots: nothingOr(z.array(duration()))
    .meta({ title: 'list of durations', examples: [['3.8s', '9s']] })
    .describe("Times at which every node's INFO goes into the result (`run --json`).")
    .optional(),
  matrix: z
    .record(text(), z.array(caseValue()))
    .meta({ title: 'map of lists', examples: [{ diskless: ['yes', 'no'] }] })
    .describe(
      `Plays the file once for each combination of these values; \`\${key}\` stands for the value of a key.`,
    )
    .optional(),
  cases: z
    .array(z.record(text(), caseValue()))
    .meta({ title: 'list of maps', examples: [[{ diskless: 'yes', want: 'full/forced' }]] })
    .describe(`Plays the file once for each of these; \`\${key}\` stands for the value of a key.`)
    .optional(),
  nemesis: nothingOr(nemesis())
    .meta({ title: 'map' })
    .describe('Faults that each seed draws anew, all lifted before the end; empty for the defaults.')
    .optional(),
  mutants: nothingOr(z.union([mutant(), z.array(mutant())]))
    .meta({ title: 'mutant or list' })
    .describe('Rules of the protocol that are broken in every server of this scenario.')
    .optional(),
  known_failure: text()
    .describe('Why it fails for now: it passes while it fails, and fails once it holds.')
    .optional(),
  confirmed: noted('must be a version or a list of versions')
    .meta({ title: 'version or list', examples: ['7.0.15'] })
    .describe(
      'Versions of redis-server that were seen to do the same; a note for readers and `psynclab list`.',
    )
    .optional(),
});

function mutant() {
  return text().meta({ examples: MUTANTS.map(({ name }) => name) });
}

/** The shape of scenario files as JSON Schema (draft 7). */
export function plainJsonSchema(): Record<string, Json> {
  const schema = z.toJSONSchema(scenarioSchema, { io: 'input', target: 'draft-7' });
  return { ...(schema as Record<string, Json>), title: 'A psynclab scenario' };
}

/** The same for editors. */
export function scenarioJsonSchema(): Record<string, Json> {
  return forEditors(plainJsonSchema());
}
