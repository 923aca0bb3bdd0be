import type { Mutant } from './mutant.ts';

/** A request for bytes that the master has not written yet is granted. */
export const noUpperBound: Mutant = {
  name: 'no-upper-bound',
  story:
    'A replica may ask for more than the master has, if it has heard more from another one. Without the upper bound it ' +
    'continues, and what the master writes next comes to stand after bytes that the master never had.',
  reference: 'since 2.8.0-rc5 (37e06bd95)',
  rules: (real) => ({
    decidePsync(state, request) {
      const decision = real.decidePsync(state, request);
      if (decision.reason !== 'offset-ahead') return decision;
      const reason = decision.replid === state.replid ? 'replid' : 'replid2';
      return { ...decision, outcome: 'partial', reason, offset: decision.backlog!.next, missingBytes: 0 };
    },
  }),
};
