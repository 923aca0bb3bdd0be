import { DECISION_LANDMARKS } from './decision-landmarks.ts';
import { FAULT_LANDMARKS } from './fault-landmarks.ts';
import type { Landmark } from './landmark.ts';
import { REPLICA_LANDMARKS } from './replica-landmarks.ts';
import { SLAVE_LANDMARKS } from './slave-landmarks.ts';
import { TIMEOUT_LANDMARKS } from './timeout-landmarks.ts';

/** All there is to reach, in the order of the coverage table. */
export const LANDMARKS: readonly Landmark[] = [
  ...DECISION_LANDMARKS,
  ...REPLICA_LANDMARKS,
  ...SLAVE_LANDMARKS,
  ...TIMEOUT_LANDMARKS,
  ...FAULT_LANDMARKS,
];
