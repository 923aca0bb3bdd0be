import type { ProfileName } from '../../sim/redis/profile.ts';

/** What can happen in replication and ought to be shown: each is a row of the coverage table. */
export interface Landmark {
  readonly group: LandmarkGroup;
  /** Its name, one of its kind within the group and the profile. */
  readonly name: string;
  /** What brings it about, in a few words. */
  readonly when: string;
  /** The function of Redis in which it happens; empty for what is no function's. */
  readonly source: string;
  /** The versions that have it. */
  readonly profiles: readonly ProfileName[];
  /** A line of a server's log that tells of it; null where a log tells it otherwise, or not at all. */
  readonly line: RegExp | null;
  /** Why no scenario can bring it about, by the versions of which that is so; in the others one must. */
  readonly unreachable: Unreachable;
}

export type Unreachable = Readonly<Partial<Record<ProfileName, string>>>;

/** What no scenario can bring about in any version. */
export function everywhere(reason: string): Unreachable {
  return { 'redis-5.0': reason, 'redis-7.0': reason };
}

export type LandmarkGroup = 'decision' | 'replica' | 'slave' | 'timeout' | 'fault';

/** A landmark in one version, as a key. */
export function landmarkKey(group: LandmarkGroup, name: string, profile: ProfileName): string {
  return `${profile} ${group} ${name}`;
}

export const BOTH: readonly ProfileName[] = ['redis-5.0', 'redis-7.0'];
