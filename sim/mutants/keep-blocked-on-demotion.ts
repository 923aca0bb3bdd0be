import type { Mutant } from './mutant.ts';

/** A master that becomes a replica keeps the clients that wait for a list. */
export const keepBlockedOnDemotion: Mutant = {
  name: 'keep-blocked-on-demotion',
  story:
    'A client that waits in BLPOP when its master becomes a replica would be served by a push of the stream. The replica ' +
    'then pops what its master keeps.',
  reference: 'since 2.8.20 (c3ad70901)',
  rules: () => ({ disconnectAllBlockedClients() {} }),
};
