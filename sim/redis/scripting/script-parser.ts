/**
 * The part of Lua that scripts may use here: statements on lines of their own or between semicolons, each a
 * `redis.call(...)` or `redis.pcall(...)`, the last one perhaps a `return`; arguments are strings, numbers,
 * `KEYS[i]`, `ARGV[i]` and further calls.
 */
export type ScriptExpression =
  | { readonly kind: 'literal'; readonly value: string | number }
  | { readonly kind: 'argument'; readonly array: 'KEYS' | 'ARGV'; readonly index: number }
  | {
      readonly kind: 'call';
      readonly name: 'call' | 'pcall' | 'replicate_commands';
      readonly args: readonly ScriptExpression[];
      readonly line: number;
    };

export interface Script {
  /** Evaluated for their effects, in order. */
  readonly statements: readonly ScriptExpression[];
  /** What the script returns; null for nothing. */
  readonly result: ScriptExpression | null;
}

/** What a script could not be parsed for: the line, from 1, and why. */
export interface ScriptError {
  readonly line: number;
  readonly reason: string;
}

type Token =
  | { readonly kind: 'name' | 'symbol'; readonly text: string; readonly line: number }
  | { readonly kind: 'literal'; readonly value: string | number; readonly line: number };

class ScriptSyntaxError extends Error {
  readonly line: number;

  constructor(line: number, reason: string) {
    super(reason);
    this.line = line;
  }
}

/** Parses a script, or tells why that cannot be done. */
export function parseScript(body: string): Script | ScriptError {
  try {
    return parse(tokenize(body));
  } catch (error) {
    if (!(error instanceof ScriptSyntaxError)) throw error;
    return { line: error.line, reason: error.message };
  }
}

const TOKEN =
  /(?<space>[ \t\r]+|--[^\n]*)|(?<newline>\n)|(?<name>[A-Za-z_]\w*)|(?<number>-?\d+(?:\.\d+)?)|(?<string>'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")|(?<symbol>[.()[\],;])/y;

function tokenize(body: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  let line = 1;
  while (pattern.lastIndex < body.length) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(body)?.groups;
    if (groups === undefined) throw new ScriptSyntaxError(line, `unexpected symbol near '${body[at]}'`);
    if (groups.newline !== undefined) line++;
    else if (groups.name !== undefined) tokens.push({ kind: 'name', text: groups.name, line });
    else if (groups.symbol !== undefined) tokens.push({ kind: 'symbol', text: groups.symbol, line });
    else if (groups.number !== undefined) {
      tokens.push({ kind: 'literal', value: Number(groups.number), line });
    } else if (groups.string !== undefined) {
      tokens.push({ kind: 'literal', value: unescaped(groups.string.slice(1, -1)), line });
    }
  }
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

function unescaped(text: string): string {
  return text.replace(/\\(?:(\d{1,3})|([\s\S]))/g, (_, digits: string | undefined, ch: string) =>
    digits === undefined ? (ESCAPES[ch] ?? ch) : String.fromCharCode(Number(digits) & 0xff),
  );
}

function parse(tokens: readonly Token[]): Script {
  const statements: ScriptExpression[] = [];
  const cursor = new Cursor(tokens);
  let result: ScriptExpression | null = null;
  while (!cursor.atEnd()) {
    if (cursor.take('symbol', ';')) continue;
    if (cursor.take('name', 'return')) {
      if (!cursor.atEnd() && !cursor.take('symbol', ';')) result = cursor.expression();
      while (cursor.take('symbol', ';'));
      if (!cursor.atEnd()) cursor.fail("'<eof>' expected");
      break;
    }
    const statement = cursor.expression();
    if (statement.kind !== 'call') cursor.fail('only calls and return are statements');
    statements.push(statement);
  }
  return { statements, result };
}

class Cursor {
  private readonly tokens: readonly Token[];
  private position = 0;

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  atEnd(): boolean {
    return this.position === this.tokens.length;
  }

  /** Takes the next token if it is this one. */
  take(kind: 'name' | 'symbol', text: string): boolean {
    const token = this.tokens[this.position];
    if (token === undefined || token.kind !== kind || token.text !== text) return false;
    this.position++;
    return true;
  }

  expect(kind: 'name' | 'symbol', text: string): void {
    if (!this.take(kind, text)) this.fail(`'${text}' expected`);
  }

  expression(): ScriptExpression {
    const token = this.tokens[this.position];
    if (token === undefined) this.fail('unexpected end');
    this.position++;
    if (token.kind === 'literal') return { kind: 'literal', value: token.value };
    if (token.text === 'KEYS' || token.text === 'ARGV') return this.argument(token.text);
    if (token.kind === 'name' && token.text === 'redis') return this.call(token.line);
    this.position--;
    this.fail(`'${token.text}' is not something that can be used here`);
  }

  fail(reason: string): never {
    const token = this.tokens[Math.min(this.position, this.tokens.length - 1)];
    throw new ScriptSyntaxError(token?.line ?? 1, reason);
  }

  private argument(array: 'KEYS' | 'ARGV'): ScriptExpression {
    this.expect('symbol', '[');
    const token = this.tokens[this.position++];
    if (token?.kind !== 'literal' || typeof token.value !== 'number') this.fail('a number expected');
    this.expect('symbol', ']');
    return { kind: 'argument', array, index: token.value };
  }

  private call(line: number): ScriptExpression {
    this.expect('symbol', '.');
    const token = this.tokens[this.position++];
    const name = token?.kind === 'name' ? token.text : '';
    if (name !== 'call' && name !== 'pcall' && name !== 'replicate_commands') {
      this.fail(`redis.${name} is not available`);
    }
    this.expect('symbol', '(');
    const args: ScriptExpression[] = [];
    while (!this.take('symbol', ')')) {
      if (args.length > 0) this.expect('symbol', ',');
      args.push(this.expression());
    }
    return { kind: 'call', name, args, line };
  }
}
