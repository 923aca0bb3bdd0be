import { PROFILES, type ProfileName } from '../../sim/redis/profile.ts';

/** A master's view of a replica, by its number; 0 is a client that is no replica yet or no longer. */
const SLAVE_STATES: Readonly<Record<number, string>> = {
  0: 'none',
  6: 'WAIT_BGSAVE_START',
  7: 'WAIT_BGSAVE_END',
  8: 'SEND_BULK',
  9: 'ONLINE',
  10: 'RDB_TRANSMITTED',
};

export const GONE = 'gone';
export const UNMUTED = 'ONLINE, held back → ONLINE';

/** How a transition is named: `CONNECT → CONNECTING`. */
export function transition(from: string, to: string): string {
  return `${from} → ${to}`;
}

export function replTransition(profile: ProfileName, from: number, to: number): string {
  const names = PROFILES[profile].replStateNames;
  return transition(names[from] ?? String(from), names[to] ?? String(to));
}

export function slaveTransition(from: number, to: number | null): string {
  const name = (state: number): string => SLAVE_STATES[state] ?? String(state);
  return transition(name(from), to === null ? GONE : name(to));
}
