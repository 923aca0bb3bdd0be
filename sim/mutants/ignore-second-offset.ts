import type { Mutant } from './mutant.ts';

/** The second id is honoured, but not how far it is good for. */
export const ignoreSecondOffset: Mutant = {
  name: 'ignore-second-offset',
  story:
    'A promoted replica serves its former history without a bound: an old master that wrote on gets bytes of ' +
    'another history in their place, and from there on the two differ in silence.',
  reference: 'since 4.0-rc1 (2669fb836)',
  rules: (real) => ({
    decidePsync: (state, request) =>
      real.decidePsync({ ...state, secondReplidOffset: Number.MAX_SAFE_INTEGER }, request),
  }),
};
