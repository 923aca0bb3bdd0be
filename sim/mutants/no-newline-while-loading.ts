import type { Mutant } from './mutant.ts';

/** A replica that loads says nothing. */
export const noNewlineWhileLoading: Mutant = {
  name: 'no-newline-while-loading',
  story:
    'A replica that loads for longer than repl-timeout must give a sign of life. Without it its master drops it at the ' +
    'end of every load, and the next full synchronization begins.',
  reference: 'since 2.8.3 (11120689c)',
  rules: () => ({ replicationSendNewlineToMaster() {} }),
};
