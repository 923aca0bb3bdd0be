import type { FullReason, PartialReason, RefusedReason } from '../../sim/redis/replication/psync-decision.ts';
import { suggest } from './nearest.ts';
import { type Wrong, wrong } from './problems.ts';
import type { DecisionPattern } from './scenario.ts';

const PARTIAL: readonly PartialReason[] = ['replid', 'replid2'];
const FULL: readonly FullReason[] = [
  'forced',
  'replid-mismatch',
  'replid2-offset',
  'no-backlog',
  'backlog-overwritten',
  'offset-ahead',
  'bad-offset',
  'sync',
];
const REFUSED: readonly RefusedReason[] = [
  'nomasterlink',
  'loading',
  'masterdown',
  'busy',
  'noauth',
  'pending-output',
  'bad-offset',
];

/** Every reason by its outcome (CONTRACT section 2). */
export const PSYNC_REASONS = { partial: PARTIAL, full: FULL, refused: REFUSED } as const;

const OUTCOMES = ['partial', 'full', 'refused'] as const;

/** Every decision's name, outcomes alone first. */
export const DECISION_NAMES: readonly string[] = [
  ...OUTCOMES,
  ...OUTCOMES.flatMap((outcome) => PSYNC_REASONS[outcome].map((reason) => `${outcome}/${reason}`)),
];

/** `full/forced`, or an outcome alone. */
export function parseDecision(text: string): DecisionPattern | Wrong {
  const name = text.trim();
  if (!DECISION_NAMES.includes(name))
    return wrong(`"${name.slice(0, 60)}" is no decision`, decisionHint(name));
  const [outcome, reason = null] = name.split('/') as [DecisionPattern['outcome'], string?];
  return { outcome, reason };
}

function decisionHint(name: string): string | null {
  const near = suggest(name, DECISION_NAMES);
  const [outcome = ''] = name.split('/');
  const known = OUTCOMES.find((candidate) => candidate === outcome);
  if (near?.startsWith('did') || known === undefined) return near;
  return `one of: ${PSYNC_REASONS[known].map((reason) => `${known}/${reason}`).join(', ')}`;
}
