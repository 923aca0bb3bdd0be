import type { Profile } from '../redis/profile.ts';
import { attachCurrentOffset } from './attach-current-offset.ts';
import { attachWithoutBuffer } from './attach-without-buffer.ts';
import { ignoreSecondOffset } from './ignore-second-offset.ts';
import { keepIdOnTtl } from './keep-id-on-ttl.ts';
import type { Mutant } from './mutant.ts';
import { noDisconnectOnNewId } from './no-disconnect-on-new-id.ts';
import { noReplid2 } from './no-replid2.ts';
import { noSelectAfterFullsync } from './no-select-after-fullsync.ts';
import { noSelectAfterPromotion } from './no-select-after-promotion.ts';
import { noUpperBound } from './no-upper-bound.ts';
import { secondOffsetOffByOne } from './second-offset-off-by-one.ts';

export type { Mutant } from './mutant.ts';

/** Every mutant, in the order of the catalogue. */
export const MUTANTS: readonly Mutant[] = [
  noReplid2,
  ignoreSecondOffset,
  secondOffsetOffByOne,
  keepIdOnTtl,
  attachWithoutBuffer,
  attachCurrentOffset,
  noSelectAfterFullsync,
  noSelectAfterPromotion,
  noUpperBound,
  noDisconnectOnNewId,
];

/** A version of Redis with these rules broken; each mutant builds on those before it. */
export function mutated(profile: Profile, names: readonly string[]): Profile {
  if (names.length === 0) return profile;
  let { rules } = profile;
  for (const mutant of MUTANTS) {
    if (names.includes(mutant.name)) rules = { ...rules, ...mutant.rules(rules) };
  }
  return { ...profile, rules };
}
