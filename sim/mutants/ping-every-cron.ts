import type { Mutant } from './mutant.ts';

/** A PING goes out every second, whatever the period. */
export const pingEveryCron: Mutant = {
  name: 'ping-every-cron',
  story:
    'A PING takes 14 bytes of the backlog. One a second, not one each repl-ping-replica-period, and a small backlog soon ' +
    'holds nothing else: who was away too long for that synchronizes in full.',
  reference: 'since 2.8.0-rc1 (9edfe6355)',
  rules: () => ({ pingIsDue: () => true }),
};
