import type { Mutant } from './mutant.ts';

/** A replica lets go of its old history as soon as a new master promises an RDB. */
export const earlyDiscard: Mutant = {
  name: 'early-discard',
  story:
    'A +FULLRESYNC is only a promise. A replica that drops its cached master, its backlog and its replicas for it has ' +
    'nothing left when the new master dies before the RDB is there, and synchronizes in full with the old one.',
  reference: 'since 7.0-rc1 (cee3d67f5)',
  profile: 'redis-7.0',
  differences: { attachesWhenRdbArrived: false },
};
