import type { Mutant } from './mutant.ts';

/** A replica that joins a running save does not get what was written since it began. */
export const attachWithoutBuffer: Mutant = {
  name: 'attach-without-buffer',
  story:
    'Two replicas can share one save. What the master wrote since its fork waits in the output buffer of the first; the ' +
    'second needs a copy, or it misses those writes.',
  reference: 'since 2.6.0 (1824e3a3a)',
  rules: () => ({ copyClientOutputBuffer() {}, copyReplicaOutputBuffer() {} }),
};
