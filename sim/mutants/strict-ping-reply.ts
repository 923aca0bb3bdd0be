import type { Mutant } from './mutant.ts';

/** Only +PONG lets the handshake go on. */
export const strictPingReply: Mutant = {
  name: 'strict-ping-reply',
  story:
    'A master with a password answers the first PING with an error; AUTH comes after it. A replica that wants to hear ' +
    '+PONG never gets that far.',
  reference: 'since 6.0.7 for -NOPERM (13e50935a)',
  rules: () => ({ isUsablePong: (_redis, reply) => reply.startsWith('+') }),
};
