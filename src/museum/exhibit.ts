import type { ProfileName } from '../../sim/redis/profile.ts';

/** A rule of the protocol as the museum shows it: broken, found, and made small. */
export interface Exhibit {
  readonly mutant: string;
  /** The file of hunts whose sweep finds it, without folder and ending. */
  readonly hunt: string;
  readonly profile: ProfileName;
  /** The invariant that names it. */
  readonly invariant: string;
}

/** Its lesson, from the project's directory. */
export function lessonOf({ mutant }: Exhibit): string {
  return `scenarios/14-museum/${mutant}.yaml`;
}

export function huntOf({ hunt }: Exhibit): string {
  return `hunts/${hunt}.yaml`;
}
