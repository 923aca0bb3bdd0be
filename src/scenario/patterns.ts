import { isWrong, type Wrong, wrong } from './problems.ts';
import type { Comparison, NumberTest, Pattern } from './scenario.ts';

const REGEX = /^\/(.+)\/([a-z]*)$/s;
const FLAGS = 'imsu';

/** `/text/` or `/text/i` as a regular expression; null where the text is none. */
export function parseRegex(text: string): RegExp | null | Wrong {
  const parts = REGEX.exec(text);
  if (parts === null) return null;
  const [, source = '', flags = ''] = parts;
  const strange = [...flags].find((flag) => !FLAGS.includes(flag));
  if (strange !== undefined)
    return wrong(`"${strange}" is no flag of a regular expression here`, `the flags are ${FLAGS}`);
  try {
    return new RegExp(source, flags);
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^Invalid regular expression: /, '') : '';
    return wrong(`no valid regular expression: ${reason}`);
  }
}

/** A text to be contained, or a `/regex/`. */
export function parsePattern(text: string): Pattern | Wrong {
  const regex = parseRegex(text);
  if (isWrong(regex)) return regex;
  if (regex !== null) return { kind: 'regex', regex, source: text };
  return text === '' ? wrong('an empty text stands everywhere') : { kind: 'text', text };
}

const COMPARISON = /^(==|!=|<=|>=|<|>|=<|=>|=|<>)\s*(.*)$/s;
const OPERATORS: readonly string[] = ['==', '!=', '<', '<=', '>', '>='];

/** `>= 1` in its parts; without an operator it is `==`. */
export function splitComparison(text: string): { op: Comparison; operand: string } | Wrong {
  const parts = COMPARISON.exec(text.trim());
  if (parts === null) return { op: '==', operand: text.trim() };
  const [, op = '', operand = ''] = parts;
  if (!OPERATORS.includes(op))
    return wrong(`"${op}" is no comparison`, 'the comparisons are == != < <= > >=');
  if (operand === '') return wrong(`"${text.trim()}" compares with nothing`, 'as in ">= 1"');
  return { op: op as Comparison, operand };
}

/** A number, or a comparison with one, in the unit that `parse` reads. */
export function parseNumberTest(
  text: string,
  parse: (operand: string) => number | Wrong,
): NumberTest | Wrong {
  const comparison = splitComparison(text);
  if (isWrong(comparison)) return comparison;
  const value = parse(comparison.operand);
  return isWrong(value) ? value : { text, op: comparison.op, value };
}

/** A whole number, not negative. */
export function parseCount(text: string): number | Wrong {
  return /^\d{1,15}$/.test(text)
    ? Number(text)
    : wrong(`"${text.slice(0, 40)}" is no whole number`, 'as in 2 or ">= 2"');
}

/** Any decimal number. */
export function parseNumber(text: string): number | Wrong {
  const number = /^-?\d{1,18}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(number) ? number : wrong(`"${text.slice(0, 40)}" is no number`);
}
