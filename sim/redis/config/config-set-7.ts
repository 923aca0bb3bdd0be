import { getLongLong } from '../commands/numbers.ts';
import type { Client } from '../networking/client.ts';
import { addReply, addReplyError, shared } from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { applyDirective } from './config.ts';
import { LISTS } from './config-command.ts';
import { type Directive, lookupDirective } from './config-table.ts';
import { CLIENT_CLASSES, memtoll } from './config-types.ts';

/** Redis 7's CONFIG SET parameter value [parameter value ...]: all of them, or none (config.c configSetCommand). */
export function configSetSeveral(redis: Redis, c: Client): void {
  const { argv } = c;
  if (argv.length % 2 === 1) {
    addReply(redis, c, shared.syntaxerr);
    return;
  }
  const refuse = (name: string, reason: string): void =>
    addReplyError(redis, c, `CONFIG SET failed (possibly related to argument '${name}') - ${reason}`);
  const found: { directive: Directive; name: string; text: string }[] = [];
  let problem: (() => void) | null = null;
  for (let i = 2; i < argv.length; i += 2) {
    const [name, text] = [argv[i]!, argv[i + 1]!];
    const directive = lookupDirective(name, redis.profile.name);
    if (directive === undefined || (!directive.settable && !directive.gettable)) {
      const message = `Unknown option or number of arguments for CONFIG SET - '${name}'`;
      addReplyError(redis, c, message);
      return;
    }
    // A name that does not exist further on goes before what is wrong with this one.
    if (!directive.settable) problem ??= () => refuse(name, "can't set immutable config");
    else if (found.some((one) => one.directive === directive)) {
      problem ??= () => refuse(name, 'duplicate parameter');
    }
    found.push({ directive, name, text });
  }
  if (problem !== null) {
    problem();
    return;
  }
  const values: string[] = [];
  for (const { directive, name, text } of found) {
    const words = LISTS.has(directive.name) ? text.split(' ') : [text];
    const isEmpty = text === '' && directive.name === 'client-output-buffer-limit';
    const value = isEmpty ? '' : directive.parse(words);
    if (value === undefined) {
      // Old names are directives of their own there.
      refuse(name.toLowerCase(), whatIsWrong(directive, words));
      return;
    }
    values.push(value);
  }
  found.forEach(({ directive }, i) => {
    applyDirective(redis, directive, values[i]!);
  });
  addReply(redis, c, shared.ok);
}

const INT_MAX = '2147483647';
const LLONG_MAX = '9223372036854775807';

/** Why a value is none of its directive (the set functions of config.c's types). */
function whatIsWrong({ type, bounds, name }: Directive, words: readonly string[]): string {
  const [text = ''] = words;
  switch (type) {
    case 'yesno':
      return "argument must be 'yes' or 'no'";
    case 'one-of':
      return `argument(s) must be one of the following: ${bounds.join(', ')}`;
    case 'basename':
      return `${name} can't be a path, just a filename`;
    case 'memory':
      // Numbers without a sign are read (memtoull).
      return text.startsWith('-') || memtoll(text) === undefined
        ? 'argument must be a memory value'
        : between(bounds[0] ?? '0', LLONG_MAX);
    case 'octal':
      return "argument couldn't be parsed as an octal number";
    case 'save':
      return 'Invalid save parameters';
    case 'buffer-limits':
      return bufferLimitsError(words);
    case 'hz':
    case 'integer':
      return getLongLong(text) === undefined
        ? "argument couldn't be parsed into an integer"
        : outside(type, bounds);
    default:
      return 'Invalid argument';
  }
}

/** The bounds of an integer; a C long's stand in the table as the greatest number that is exact here. */
function outside(type: string, [min = '-2147483648', max = INT_MAX]: readonly string[]): string {
  if (type === 'hz') return between('0', INT_MAX);
  return between(min, max === '9007199254740991' ? LLONG_MAX : max);
}

function between(least: string, most: string): string {
  return `argument must be between ${least} and ${most} inclusive`;
}

function bufferLimitsError(words: readonly string[]): string {
  const where = 'buffer limit configuration.';
  if (words.length % 4 !== 0) return `Wrong number of arguments in ${where}`;
  for (let i = 0; i < words.length; i += 4) {
    if (!CLIENT_CLASSES.has(words[i]!.toLowerCase())) return `Invalid client class specified in ${where}`;
    const numbers = words.slice(i + 1, i + 4).map((word) => memtoll(word));
    if (numbers.some((n) => n === undefined || n < 0)) break;
  }
  return `Error in hard, soft or soft_seconds setting in ${where}`;
}
