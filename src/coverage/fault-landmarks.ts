import type { Fault } from '../scenario/scenario.ts';
import { BOTH, type Landmark } from './landmark.ts';

/** What each fault of the scenario language does. */
const WHAT: Readonly<Record<Fault['kind'], string>> = {
  partition: 'packets of a direction vanish',
  heal: 'they arrive again',
  reset: 'open connections are reset',
  link: 'latency, jitter, loss or bandwidth change',
  kill: 'the process dies',
  poweroff: 'the machine dies',
  start: 'the process starts again',
  wipe: 'the disk is empty',
  freeze: 'the process stops',
  thaw: 'it goes on',
  bgsave: 'background saves fail, or work again',
};

export const FAULT_LANDMARKS: readonly Landmark[] = Object.entries(WHAT).map(([name, when]) => ({
  group: 'fault',
  name,
  when,
  source: '',
  profiles: BOTH,
  line: null,
  unreachable: {},
}));
