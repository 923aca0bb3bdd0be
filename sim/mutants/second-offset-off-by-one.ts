import type { Mutant } from './mutant.ts';

/** The bound of the second id lies one byte too early: the +1 of shiftReplicationId is missing. */
export const secondOffsetOffByOne: Mutant = {
  name: 'second-offset-off-by-one',
  story:
    'A sibling that has exactly what the promoted replica had asks for the byte after it. Without the +1 in the bound of ' +
    'the second id that is one byte too many, and it synchronizes in full for nothing.',
  reference: 'since 4.0-rc1 (2669fb836)',
  rules: (real) => ({
    decidePsync: (state, request) =>
      real.decidePsync({ ...state, secondReplidOffset: state.secondReplidOffset - 1 }, request),
  }),
};
