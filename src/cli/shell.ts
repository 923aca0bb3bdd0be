/** A word as a POSIX shell must read it to mean exactly this text. */
export function shellQuote(word: string): string {
  if (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word)) return word;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: only bash's $'…' can write control characters.
  if (!/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/.test(word)) {
    return `'${word.replaceAll("'", `'\\''`)}'`;
  }
  const escaped = [...word].map((character) => {
    if (character === "'" || character === '\\') return `\\${character}`;
    const code = character.codePointAt(0)!;
    const shown = code >= 0x20 && code < 0x7f;
    return shown ? character : `\\U${code.toString(16).padStart(8, '0')}`;
  });
  return `$'${escaped.join('')}'`;
}

/** The command line that runs psynclab with these words. */
export function commandLine(words: readonly string[]): string {
  return ['npx', 'psynclab', ...words.map(shellQuote)].join(' ');
}
