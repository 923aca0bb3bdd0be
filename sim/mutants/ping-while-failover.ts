import type { Mutant } from './mutant.ts';

/** A master that hands over its role goes on sending PINGs. */
export const pingWhileFailover: Mutant = {
  name: 'ping-while-failover',
  story:
    'A failover waits until the target has everything, and writes wait with it. A PING moves the goal, so that a target ' +
    'that is a little slow never reaches it.',
  reference: 'since 5.0.5 (11f2c6b11)',
  profile: 'redis-7.0',
  rules: () => ({
    pingIsDue: ({ server }) => server.replicationCronLoops % server.replPingSlavePeriod === 0,
  }),
};
