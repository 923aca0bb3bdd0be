import { unblockClient } from '../commands/blocked.ts';
import type { ClientPauses, PausePurpose, PauseType } from '../server.ts';
import type { Redis } from '../system.ts';

/** Every pause there can be at once, and how restrictive its types are. */
const PURPOSES: readonly PausePurpose[] = ['command', 'shutdown', 'failover'];
const SEVERITY: Readonly<Record<PauseType, number>> = { off: 0, write: 1, all: 2 };

/** The pauses of a server that has just started. */
export function noPauses(): ClientPauses {
  return { type: 'off', endTime: 0, command: null, shutdown: null, failover: null };
}

/** The most restrictive pause and its end; a milder one than before lets postponed commands try again. */
function updateClientPauseTypeAndEndTime(redis: Redis): void {
  const { server } = redis;
  const pauses = server.clientPauses;
  const before = pauses.type;
  let type: PauseType = 'off';
  for (const purpose of PURPOSES) {
    const pause = pauses[purpose];
    if (pause === null) continue;
    if (pause.end < server.mstime) pauses[purpose] = null;
    else if (SEVERITY[pause.type] > SEVERITY[type]) type = pause.type;
  }
  let end = 0;
  for (const purpose of PURPOSES) {
    const pause = pauses[purpose];
    if (pause !== null && pause.type === type && pause.end > end) end = pause.end;
  }
  pauses.type = type;
  pauses.endTime = end;
  if (SEVERITY[type] < SEVERITY[before]) unblockPostponedClients(redis);
}

function unblockPostponedClients(redis: Redis): void {
  const { server } = redis;
  const postponed = server.postponedClients;
  server.postponedClients = [];
  for (const id of postponed) {
    const c = server.clients[id];
    if (c !== undefined) unblockClient(redis, c);
  }
}

/** Pauses writes or all commands until a time in mstime, for one purpose; never shortens (networking.c pauseClients). */
export function pauseClientsFor(redis: Redis, purpose: PausePurpose, end: number, type: PauseType): void {
  const pauses = redis.server.clientPauses;
  const pause = pauses[purpose];
  if (pause === null) {
    pauses[purpose] = { type, end };
  } else {
    if (SEVERITY[type] > SEVERITY[pause.type]) pause.type = type;
    if (end > pause.end) pause.end = end;
  }
  updateClientPauseTypeAndEndTime(redis);
}

/** Ends the pause that was made for a purpose (networking.c unpauseClients). */
export function unpauseClients(redis: Redis, purpose: PausePurpose): void {
  if (redis.server.clientPauses[purpose] === null) return;
  redis.server.clientPauses[purpose] = null;
  updateClientPauseTypeAndEndTime(redis);
}

/** Whether clients are paused; ends a pause whose time is over (checkClientPauseTimeoutAndReturnIfPaused). */
export function checkClientPauseTimeoutAndReturnIfPaused(redis: Redis): boolean {
  const { clientPauses, mstime } = redis.server;
  if (clientPauses.type === 'off') return false;
  if (clientPauses.endTime < mstime) updateClientPauseTypeAndEndTime(redis);
  return redis.server.clientPauses.type !== 'off';
}
