import type { Mutant } from './mutant.ts';

/** A transaction in which the role changed has no end in the backlog. */
export const noExecOnRoleChange: Mutant = {
  name: 'no-exec-on-role-change',
  story:
    'REPLICAOF can stand inside a transaction, whose MULTI has gone out already. If the backlog does not get an EXEC, ' +
    'replicas go on with a transaction that never ends.',
  reference: 'since 4.0.0 (e74f0aa6d)',
  profile: 'redis-5.0',
  rules: () => ({ closeTransactionOfBacklog() {} }),
};
