import type { ProfileName } from '../../sim/redis/profile.ts';
import { profileFor, serverVersion } from './server-version.ts';

/** A redis-server that was given, and what it turned out to be. */
export interface RealServer {
  readonly program: string;
  readonly version: string;
  readonly profile: ProfileName;
}

/** The redis-servers of a comparison, one for each version of Redis that there is a profile for. */
export type Servers = ReadonlyMap<ProfileName, RealServer>;

/** A server that cannot be used: which, why, and what to do instead. */
export interface WrongServer {
  readonly name: string;
  readonly reason: string;
  readonly hint?: string;
}

/** Asks every program for its version; what is wrong with the first that cannot be used. */
export async function findServers(
  given: readonly string[],
  pathOf: (program: string) => string = (program) => program,
): Promise<Servers | WrongServer> {
  const servers = new Map<ProfileName, RealServer>();
  for (const name of given) {
    const program = pathOf(name);
    const found = await serverVersion(program);
    if (typeof found === 'string') return { name, reason: `: ${found}` };
    const { version } = found;
    const profile = profileFor(version);
    if (profile === null) {
      return { name, reason: ` is Redis ${version}`, hint: 'there are profiles for 5.0 and 7.0' };
    }
    const other = servers.get(profile);
    if (other !== undefined) {
      const reason = ` is Redis ${version}, and Redis ${other.version} was given already`;
      return { name, reason, hint: `${profile} stands for both, and a scenario names no other version` };
    }
    servers.set(profile, { program, version, profile });
  }
  return servers;
}
