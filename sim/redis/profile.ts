/**
 * What differs between versions of Redis, as named rules. A rule is asked where the C code of that version
 * differs, and each says where.
 */
export interface Profile {
  readonly name: ProfileName;
  /** The version whose behaviour it follows. */
  readonly version: string;
  /** Version of the RDB format it writes; it refuses newer ones. */
  readonly rdbVersion: number;
}

export type ProfileName = 'redis-5.0' | 'redis-7.0';

export const redis50: Profile = { name: 'redis-5.0', version: '5.0.14', rdbVersion: 9 };

/** The profiles that can be run, by name. */
export const PROFILES: Readonly<Partial<Record<ProfileName, Profile>>> = { 'redis-5.0': redis50 };
