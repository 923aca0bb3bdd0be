import { z } from 'zod';
import { DURATION_PATTERN, SIZE_PATTERN } from './units.ts';

/**
 * The kinds of values that keys of a scenario have. A kind's title is its name in docs/language.md and in editors;
 * a default is given there as the file would write it, and applied where the value is resolved.
 */

export const text = () => z.string();
export const scalar = () =>
  z
    .union([z.string(), z.number(), z.boolean()], { error: 'must be a text, a number, yes or no' })
    .meta({ title: 'value' });
export const nothingOr = <T extends z.ZodType>(schema: T) => schema.nullable();
export const oneOrMany = <T extends z.ZodType>(schema: T, error: string) =>
  z.union([schema, z.array(schema)], { error });

const withUnit = (kind: string, pattern: string, examples: string[]) =>
  z
    .string({
      error: ({ input }) =>
        typeof input === 'number'
          ? `${input} has no unit\nwrite ${kind}, as in ${examples.join(' or ')}`
          : undefined,
    })
    .meta({ title: kind.replace(/^an? /, ''), pattern: `${pattern}|\\$\\{`, examples });

export const duration = () => withUnit('a duration', DURATION_PATTERN, ['250ms', '1.5s']);
export const rate = () => withUnit('a rate', '^\\d+[kKmMgG]?[bB]?/s$', ['200mb/s']);
export const bandwidth = () =>
  withUnit('a bandwidth', '^\\d+(\\.\\d+)?([kmg]?bps|[kKmMgG]?[bB]?/s)$', ['10gbps', '125mb/s']);
export const percent = () => withUnit('a percentage', '^\\d+(\\.\\d+)?\\s*%$', ['20%']);
export const size = () =>
  z
    .union([z.int().min(0), z.string().meta({ pattern: `${SIZE_PATTERN}|\\$\\{`, examples: ['16kb'] })], {
      error: 'must be a size\nas in 16kb',
    })
    .meta({ title: 'size' });
export const count = () =>
  z
    .union([z.int().min(1), z.string().regex(/\$\{/, 'must be a whole number above zero')], {
      error: 'must be a whole number above zero',
    })
    .meta({ title: 'number' });
export const numberTest = () =>
  z
    .union([z.number(), z.string()], { error: 'must be a number or a comparison\nas in ">= 1"' })
    .meta({ title: 'number or comparison' });

const names = 'must be a node, a group such as R1..R3 or all, or { pick: [A, B] }';
const pick = () =>
  z.strictObject({
    pick: oneOrMany(text(), 'must be a list')
      .meta({ title: 'list' })
      .describe('One of these is drawn from the seed.'),
    stream: text()
      .meta({ title: 'text' })
      .describe(
        'The random stream that it is drawn from; without, one of its own. What `shrink` writes draws from the streams of the file it came from.',
      )
      .optional(),
  });
export const nodes = () =>
  z.union([z.string(), z.array(z.string()), pick()], { error: names }).meta({ title: 'nodes or pick' });
export const nodeList = () =>
  oneOrMany(text(), 'must be a node or a list of nodes\nas in [A, B]').meta({ title: 'nodes' });
export const links = () =>
  z
    .union([z.string(), pick()], {
      error: 'must be a link such as A <-> B, A -> B or A | B C, or { pick: [..] }',
    })
    .meta({ title: 'link or pick' });
export const commands = () =>
  oneOrMany(
    z.string({ error: ({ input }) => (input === null ? 'a command is missing' : undefined) }),
    'must be a command or a list of commands\nas in [SET k v, WAIT 1 500]',
  ).meta({ title: 'command or list' });
export const reply = () => nothingOr(scalar());
export const pattern = () => text().meta({ title: 'text or /regex/' });

export const config = () =>
  nothingOr(
    z.record(
      text(),
      oneOrMany(scalar(), 'must be a value, or a list for a directive that stands several times'),
    ),
  ).meta({ title: 'redis.conf directives', examples: [{ 'repl-backlog-size': '16kb' }] });
export const profile = () => z.string().meta({ title: 'profile', examples: ['redis-5.0', 'redis-7.0'] });
export const master = () => z.string().meta({ title: 'node, nowhere, or host and port' });
export const condition = () => z.record(text(), oneOrMany(scalar(), 'must be a value or a list of values'));
export const fieldTests = () => z.record(text(), scalar()).meta({ title: 'INFO fields with tests' });

/** What every item of `workload`, `timeline` and `expect` may say. */
export const limited = {
  if: condition()
    .meta({ title: 'values of the case', examples: [{ profile: 'redis-7.0' }] })
    .describe('Only in the cases that have these values; a list means one of them.')
    .optional(),
};
