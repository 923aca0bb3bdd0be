import { getLongLong } from '../commands/numbers.ts';
import type { ClientClass, OutputBufferLimit, SaveParam } from '../server.ts';

/**
 * The types of directives. Each turns the words of a value into its text as CONFIG GET shows it; undefined where
 * the words are no such value.
 */
export type ConfigParser = (words: readonly string[], bounds: readonly string[]) => string | undefined;

/** Bytes of a size as redis.conf writes it, `16kb`, no digits being 0; undefined for anything else (util.c memtoll). */
export function memtoll(text: string): number | undefined {
  const match = /^(-?\d+|)([a-z]*)$/i.exec(text);
  const unit = match === null ? undefined : UNITS.get(match[2]!.toLowerCase());
  return unit === undefined ? undefined : Number(match![1]) * unit;
}

const UNITS: ReadonlyMap<string, number> = new Map([
  ['', 1],
  ['b', 1],
  ['k', 1000],
  ['kb', 1024],
  ['m', 1000 * 1000],
  ['mb', 1024 * 1024],
  ['g', 1000 * 1000 * 1000],
  ['gb', 1024 * 1024 * 1024],
]);

const INT_MAX = 0x7fff_ffff;
const CONFIG_MIN_HZ = 1;
const CONFIG_MAX_HZ = 500;

/** The parsers by the names the tables of directives give them. */
export const CONFIG_PARSERS: Readonly<Record<string, ConfigParser>> = {
  string: ([text]) => text ?? '',
  basename: ([text]) => (text === undefined || /[/\\]/.test(text) ? undefined : text),
  words: (words) => words.join(' '),
  lines: (words, [min, max = min]) => {
    if (words.length < Number(min) || (max !== '-' && words.length > Number(max))) return undefined;
    return words.join(' ');
  },
  yesno: ([text]) => {
    const lower = text?.toLowerCase();
    return lower === 'yes' || lower === 'no' ? lower : undefined;
  },
  'one-of': ([text], names) => names.find((name) => name === text?.toLowerCase()),
  integer: ([text], [min, max]) => {
    const n = getLongLong(text ?? '');
    if (n === undefined || (min !== undefined && n < Number(min)) || n > Number(max ?? INT_MAX))
      return undefined;
    return String(n);
  },
  hz: ([text]) => {
    const n = getLongLong(text ?? '');
    if (n === undefined || n < 0 || n > INT_MAX) return undefined;
    return String(Math.min(Math.max(n, CONFIG_MIN_HZ), CONFIG_MAX_HZ));
  },
  memory: ([text], [min = '0']) => {
    const bytes = memtoll(text ?? '');
    return bytes === undefined || bytes < Number(min) ? undefined : String(bytes);
  },
  octal: ([text]) => (/^[0-7]{1,4}$/.test(text ?? '') ? String(text).replace(/^0+(?=.)/, '') : undefined),
  events: ([text]) => (/^[Ag$lshzxeKEt]*$/.test(text ?? '') ? eventClasses(text ?? '') : undefined),
  save: (words) => {
    const params = parseSave(words);
    return params?.map(({ seconds, changes }) => `${seconds} ${changes}`).join(' ');
  },
  'buffer-limits': (words) => (parseBufferLimits(words) === undefined ? undefined : words.join(' ')),
  replicaof: (words) =>
    words.length === 2 && getLongLong(words[1]!) !== undefined ? words.join(' ') : undefined,
};

/** The points of `save`, pairs of seconds and changes; one empty word is none of them. */
export function parseSave(words: readonly string[]): SaveParam[] | undefined {
  if (words.length === 1 && words[0] === '') return [];
  if (words.length % 2 === 1) return undefined;
  const params: SaveParam[] = [];
  for (let i = 0; i < words.length; i += 2) {
    const seconds = getLongLong(words[i]!);
    const changes = getLongLong(words[i + 1]!);
    if (seconds === undefined || changes === undefined || seconds < 1 || changes < 0) return undefined;
    params.push({ seconds, changes });
  }
  return params;
}

/** A class of clients by the names that configurations use (networking.c getClientTypeByName). */
export const CLIENT_CLASSES: ReadonlyMap<string, ClientClass> = new Map([
  ['normal', 'normal'],
  ['slave', 'replica'],
  ['replica', 'replica'],
  ['pubsub', 'pubsub'],
]);

/** The limits that quadruples of class, hard limit, soft limit and soft seconds set. */
export function parseBufferLimits(
  words: readonly string[],
): { readonly client: ClientClass; readonly limit: OutputBufferLimit }[] | undefined {
  if (words.length % 4 !== 0) return undefined;
  const limits: { client: ClientClass; limit: OutputBufferLimit }[] = [];
  for (let i = 0; i < words.length; i += 4) {
    const client = CLIENT_CLASSES.get(words[i]!.toLowerCase());
    const [hard, soft, seconds] = [1, 2, 3].map((j) => memtoll(words[i + j]!));
    if (client === undefined || hard === undefined || soft === undefined || seconds === undefined)
      return undefined;
    if (hard < 0 || soft < 0 || seconds < 0) return undefined;
    limits.push({
      client,
      limit: { hardLimitBytes: hard, softLimitBytes: soft, softLimitSeconds: seconds },
    });
  }
  return limits;
}

/** The classes of keyspace events in Redis's own order; all of them are `A` (keyspaceEventsFlagsToString). */
function eventClasses(text: string): string {
  const all = 'g$lshzxet';
  const has = (ch: string): boolean => text.includes(ch) || (text.includes('A') && all.includes(ch));
  const classes = [...all].every(has) ? 'A' : [...all].filter(has).join('');
  return classes + ['K', 'E'].filter((ch) => text.includes(ch)).join('');
}
