import { clientsArePaused } from '../redis/networking/networking.ts';
import type { Mutant } from './mutant.ts';

/** A master whose clients are paused sends no PING. */
export const noPingWhilePaused: Mutant = {
  name: 'no-ping-while-paused',
  story:
    'CLIENT PAUSE keeps clients back, not replicas. Without PINGs a pause longer than repl-timeout costs every replica ' +
    'its link.',
  reference: 'since 5.0.5 (074d24df1)',
  rules: (real) => ({ pingIsDue: (redis) => real.pingIsDue(redis) && !clientsArePaused(redis) }),
};
