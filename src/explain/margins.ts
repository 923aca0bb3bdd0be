import { decidePsync, type PsyncState } from '../../sim/redis/replication/psync-decision.ts';
import type { Counterfactual } from './counterfactuals.ts';
import type { Decided } from './evidence.ts';
import type { History } from './names.ts';

/**
 * How near a partial resynchronization came to being a full one: for each border, the first request beyond it.
 * Decided by the very function that the servers ask, with one number changed.
 */
export function marginsOf(decided: Decided, history: History): Counterfactual[] {
  const { record, replica, master, masterView } = decided;
  const { offset, replid, reason, backlog } = record.decision;
  if (offset === null || replid === null || backlog === null) return [];
  const state: PsyncState = {
    replid: masterView.replid,
    replid2: masterView.replid2,
    secondReplidOffset: masterView.second_replid_offset,
    masterReplOffset: masterView.master_repl_offset,
    replBacklogActive: true,
    replBacklogOff: backlog.first,
    replBacklogHistlen: backlog.next - backlog.first,
  };
  const decide = (wanted: number, changed: Partial<PsyncState> = {}): string => {
    const { outcome, reason: why } = decidePsync(
      { ...state, ...changed },
      { replid, offset: String(wanted) },
    );
    return `${outcome}/${why}`;
  };
  const who = replica ?? 'the client';
  const fence = masterView.second_replid_offset;
  const isOverFence = reason === 'replid2' && fence <= backlog.next;
  const last = isOverFence ? fence : backlog.next;
  const beyond = `${who} wanting byte ${last + 1} next, as it would with ${more(last + 1 - offset)} of ${history.name(replid)}`;
  const why = isOverFence
    ? `${master}'s own history begins at byte ${fence}, the fence, so it never had that byte`
    : `${master} has not written that far`;
  const gone = backlog.next - offset - 1;
  const overwritten = {
    change: `${master}'s backlog beginning at byte ${offset + 1} (${spare(offset + 1 - backlog.first)} later), as it would with room for ${gone} bytes only`,
    decision: decide(offset, { replBacklogOff: offset + 1, replBacklogHistlen: gone }),
  };
  return [{ change: `${beyond}: ${why}`, decision: decide(last + 1) }, ...(gone < 0 ? [] : [overwritten])];
}

function more(bytes: number): string {
  return bytes === 1 ? 'one byte more' : `${bytes} bytes more`;
}

function spare(bytes: number): string {
  return bytes === 1 ? 'one byte' : `${bytes} bytes`;
}
