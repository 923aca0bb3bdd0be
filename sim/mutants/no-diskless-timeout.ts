import type { Mutant } from './mutant.ts';

/** A child waits without a limit for a socket that takes nothing. */
export const noDisklessTimeout: Mutant = {
  name: 'no-diskless-timeout',
  story:
    'One child writes to the sockets of all. If it waits without a limit for one that takes nothing, the others wait too, ' +
    'and no other save can begin.',
  reference: 'E-59, since 2.8.18 (d4f6a1711)',
  rules: () => ({ childSendTimedOut: () => false }),
};
