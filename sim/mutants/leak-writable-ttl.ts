import type { Mutant } from './mutant.ts';

/** A writable replica never deletes the keys that its own clients gave a time to live. */
export const leakWritableTtl: Mutant = {
  name: 'leak-writable-ttl',
  story:
    'A replica waits for its master to delete what expires. Of keys that clients wrote to the replica itself the master ' +
    'knows nothing: without a list of its own they stay for ever.',
  reference: 'since 4.0-rc3 (04542cff9)',
  rules: () => ({ expireSlaveKeys() {} }),
};
