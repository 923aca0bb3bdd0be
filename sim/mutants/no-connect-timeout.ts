import type { Mutant } from './mutant.ts';

/** A replica waits for its master's answer without a limit. */
export const noConnectTimeout: Mutant = {
  name: 'no-connect-timeout',
  story:
    'A machine that is gone answers no connect, and a frozen master no PING. Without a limit of its own the replica waits ' +
    'until its kernel gives up, which takes minutes, or for ever.',
  reference: 'since 2.6.0 (27acd7aa8)',
  rules: () => ({ handshakeTimedOut: () => false }),
};
