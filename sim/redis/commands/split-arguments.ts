/**
 * Splits a line into arguments as redis-cli and inline commands do: blanks separate, double quotes know
 * `\n \r \t \b \a \xHH`, single quotes know `\'`. Undefined where quotes are unbalanced or a closing quote is
 * followed by anything but a blank (sds.c sdssplitargs).
 */
export function splitArguments(line: string): string[] | undefined {
  const args: string[] = [];
  let at = 0;
  while (true) {
    while (at < line.length && isBlank(line[at]!)) at++;
    if (at >= line.length) return args;
    let arg = '';
    let quote = '';
    while (true) {
      const ch = line[at];
      if (ch === undefined) {
        if (quote !== '') return undefined;
        break;
      }
      if (quote === '') {
        if (isBlank(ch)) break;
        if (ch === '"' || ch === "'") quote = ch;
        else arg += ch;
        at++;
      } else if (ch === '\\' && quote === '"' && at + 1 < line.length) {
        const hex = /^\\x([0-9a-fA-F]{2})/.exec(line.slice(at, at + 4));
        if (hex === null) {
          arg += ESCAPES[line[at + 1]!] ?? line[at + 1]!;
          at += 2;
        } else {
          arg += String.fromCharCode(Number.parseInt(hex[1]!, 16));
          at += 4;
        }
      } else if (ch === '\\' && quote === "'" && line[at + 1] === "'") {
        arg += "'";
        at += 2;
      } else if (ch === quote) {
        if (at + 1 < line.length && !isBlank(line[at + 1]!)) return undefined;
        at++;
        break;
      } else {
        arg += ch;
        at++;
      }
    }
    args.push(arg);
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', a: '\x07' };

function isBlank(ch: string): boolean {
  return ch === ' ' || ch === '\n' || ch === '\r' || ch === '\t' || ch === '\v' || ch === '\f' || ch === '\0';
}
