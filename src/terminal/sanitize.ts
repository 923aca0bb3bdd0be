/**
 * What a terminal would obey instead of show: C0 and C1 controls, DEL, and the marks that turn the direction
 * of writing. Scenario texts are other people's texts, so none of these may reach the reader's terminal.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for.
const OBEYED = /[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** The text on one line, with every control character spelled out as `\n`, `\t`, `\xHH` or `\u{HHHH}`. */
export function sanitizeLine(text: string): string {
  return text.replace(OBEYED, spellOut);
}

/** Like `sanitizeLine`, but line breaks stay. */
export function sanitizeLines(text: string): string {
  return text.replace(OBEYED, (character) => (character === '\n' ? character : spellOut(character)));
}

/**
 * JSON text whose bytes are safe to show. JSON.stringify escapes C0 itself; the other characters can only
 * stand inside its strings, where an escape means the same.
 */
export function safeJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, undefined, indent).replace(OBEYED, (character) =>
    character === '\n' ? character : `\\u${hex(character, 4)}`,
  );
}

function spellOut(character: string): string {
  if (character === '\n') return '\\n';
  if (character === '\t') return '\\t';
  if (character === '\r') return '\\r';
  return character.charCodeAt(0) < 0x100 ? `\\x${hex(character, 2)}` : `\\u{${hex(character, 4)}}`;
}

function hex(character: string, digits: number): string {
  return character.charCodeAt(0).toString(16).padStart(digits, '0');
}
