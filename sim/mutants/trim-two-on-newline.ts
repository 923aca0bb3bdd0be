import type { Mutant } from './mutant.ts';

/** A newline alone is taken to be two characters long. */
export const trimTwoOnNewline: Mutant = {
  name: 'trim-two-on-newline',
  story:
    'A replica that loads sends newlines, and then commands. If one read brings both and the newline takes the first ' +
    'character of the command along, the master answers the rest with errors, in the middle of the stream.',
  reference: 'since 4.0.11 (d55598988)',
  rules: (real) => ({
    parseCommand(queue) {
      const parsed = real.parseCommand(queue);
      const isNewline = parsed.kind === 'command' && parsed.inline && parsed.length === 1;
      return isNewline ? { ...parsed, length: Math.min(2, queue.length) } : parsed;
    },
  }),
};
