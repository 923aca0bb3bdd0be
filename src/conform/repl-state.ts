import type { Profile } from '../../sim/redis/profile.ts';
import {
  REPL_STATE_CONNECT,
  REPL_STATE_CONNECTED,
  REPL_STATE_CONNECTING,
  REPL_STATE_NONE,
  REPL_STATE_RECEIVE_PONG,
  REPL_STATE_RECEIVE_PSYNC,
  REPL_STATE_SEND_AUTH,
  REPL_STATE_TRANSFER,
} from '../../sim/redis/server.ts';

/** What a replica's log line says of its `repl_state`: the states between SEND_AUTH and SEND_PSYNC leave no line. */
const STATES: readonly (readonly [begin: string, state: number])[] = [
  ['MASTER MODE enabled', REPL_STATE_NONE],
  ['Before turning into a replica', REPL_STATE_CONNECT],
  ['Connecting to MASTER', REPL_STATE_CONNECTING],
  ['Reconnecting to MASTER', REPL_STATE_CONNECTING],
  ['Non blocking connect for SYNC fired the event', REPL_STATE_RECEIVE_PONG],
  ['Master replied to PING', REPL_STATE_SEND_AUTH],
  ['Trying a partial resynchronization', REPL_STATE_RECEIVE_PSYNC],
  ['Partial resynchronization not possible', REPL_STATE_RECEIVE_PSYNC],
  ['Full resync from master', REPL_STATE_TRANSFER],
  ['Retrying with SYNC', REPL_STATE_TRANSFER],
  ['MASTER <-> REPLICA sync: Finished with success', REPL_STATE_CONNECTED],
  ['MASTER <-> REPLICA sync: Master accepted a Partial Resynchronization', REPL_STATE_CONNECTED],
  ['Connection with master lost', REPL_STATE_CONNECT],
  ['Timeout connecting to the MASTER', REPL_STATE_CONNECT],
  ['Timeout receiving bulk data from MASTER', REPL_STATE_CONNECT],
  ['MASTER timeout', REPL_STATE_CONNECT],
  ['Error condition on socket for SYNC', REPL_STATE_CONNECT],
  ['Error reply to PING from master', REPL_STATE_CONNECT],
  ['Unable to AUTH to MASTER', REPL_STATE_CONNECT],
  ['Master did not respond to command during SYNC handshake', REPL_STATE_CONNECT],
  ['Master did not reply to PSYNC', REPL_STATE_CONNECT],
  ['Master is currently unable to PSYNC', REPL_STATE_CONNECT],
  ['I/O error trying to sync with MASTER', REPL_STATE_CONNECT],
  ['I/O error reading bulk count from MASTER', REPL_STATE_CONNECT],
  ['MASTER aborted replication with an error', REPL_STATE_CONNECT],
  ['Failed trying to load the MASTER synchronization DB', REPL_STATE_CONNECT],
];

/** Whether a log tells when a replica is in this state and no other. */
export function isLogged(state: number): boolean {
  return (
    state !== REPL_STATE_SEND_AUTH && (state === REPL_STATE_NONE || STATES.some(([, one]) => one === state))
  );
}

const REPLICAOF = /^(REPLICAOF|SLAVE OF) .* enabled/;

/** The state after this line, or undefined where it says nothing of it. */
export function replStateAfter(message: string, profile: Profile): number | undefined {
  // Where REPLICAOF connects at once, it is under way before the command's own line.
  if (REPLICAOF.test(message)) return profile.reconnectsAtOnce ? undefined : REPL_STATE_CONNECT;
  return STATES.find(([begin]) => message.startsWith(begin))?.[1];
}
