import type { Profile, ProfileName } from '../redis/profile.ts';
import type { Rules } from '../redis/replication/rules.ts';

/** A Redis in which one rule of the protocol is off, or as it once was. */
export interface Mutant {
  readonly name: string;
  /** What goes wrong without the rule, in a sentence or two. */
  readonly story: string;
  /** Where the rule came into Redis: the first release and the commit. */
  readonly reference: string;
  /** The only version with that rule; absent where both have it. */
  readonly profile?: ProfileName;
  /** The functions as they are in it; `real` are those of a sound server. */
  readonly rules?: (real: Rules) => Partial<Rules>;
  /** Where it still does what the version before it did. */
  readonly differences?: Partial<Profile>;
}
