import type { Profile } from '../redis/profile.ts';
import { attachCurrentOffset } from './attach-current-offset.ts';
import { attachWithoutBuffer } from './attach-without-buffer.ts';
import { backlogDropCrlf } from './backlog-drop-crlf.ts';
import { badOffsetFullsync } from './bad-offset-fullsync.ts';
import { countPostponed } from './count-postponed.ts';
import { dirtyCache } from './dirty-cache.ts';
import { dropExpiredInRdb } from './drop-expired-in-rdb.ts';
import { eagainIsFatal } from './eagain-is-fatal.ts';
import { earlyDiscard } from './early-discard.ts';
import { failedChildMarksOnline } from './failed-child-marks-online.ts';
import { feedWaitingStart } from './feed-waiting-start.ts';
import { fullresyncOffsetAtRequest } from './fullresync-offset-at-request.ts';
import { hugeBlock } from './huge-block.ts';
import { ignoreSecondOffset } from './ignore-second-offset.ts';
import { infoOnlyForSync } from './info-only-for-sync.ts';
import { keepBacklogOnFullsync } from './keep-backlog-on-fullsync.ts';
import { keepBlockedOnDemotion } from './keep-blocked-on-demotion.ts';
import { keepChildWhileSync } from './keep-child-while-sync.ts';
import { keepIdOnBacklogCreate } from './keep-id-on-backlog-create.ts';
import { keepIdOnTtl } from './keep-id-on-ttl.ts';
import { keepMultiOnCache } from './keep-multi-on-cache.ts';
import { keepReadOffset } from './keep-read-offset.ts';
import { keepUselessChild } from './keep-useless-child.ts';
import { leakWritableTtl } from './leak-writable-ttl.ts';
import { limitBelowBacklog } from './limit-below-backlog.ts';
import { masterLoadsIdsAsPrimary } from './master-loads-ids-as-primary.ts';
import { masterRestartLosesHistory } from './master-restart-loses-history.ts';
import type { Mutant } from './mutant.ts';
import { newlineAtPingPeriod } from './newline-at-ping-period.ts';
import { newlineInSocketTransfer } from './newline-in-socket-transfer.ts';
import { newlineToSubreplicas } from './newline-to-subreplicas.ts';
import { noBacklogOnContinue } from './no-backlog-on-continue.ts';
import { noCancelHandshake } from './no-cancel-handshake.ts';
import { noConnectTimeout } from './no-connect-timeout.ts';
import { noDelayOnAofChild } from './no-delay-on-aof-child.ts';
import { noDisconnectOnNewId } from './no-disconnect-on-new-id.ts';
import { noDisklessTimeout } from './no-diskless-timeout.ts';
import { noExecOnRoleChange } from './no-exec-on-role-change.ts';
import { noExpireMask } from './no-expire-mask.ts';
import { noExpiredDelOnLoad } from './no-expired-del-on-load.ts';
import { noNewlineWhileLoading } from './no-newline-while-loading.ts';
import { noPingWhilePaused } from './no-ping-while-paused.ts';
import { noRdbIds } from './no-rdb-ids.ts';
import { noReplicaTimeout } from './no-replica-timeout.ts';
import { noReplid2 } from './no-replid2.ts';
import { noScriptsInRdb } from './no-scripts-in-rdb.ts';
import { noSelectAfterFullsync } from './no-select-after-fullsync.ts';
import { noSelectAfterPromotion } from './no-select-after-promotion.ts';
import { noShutdownWait } from './no-shutdown-wait.ts';
import { noStreamDb } from './no-stream-db.ts';
import { noTtlResetOnPromotion } from './no-ttl-reset-on-promotion.ts';
import { noUpperBound } from './no-upper-bound.ts';
import { noWriteHandlerOnResurrect } from './no-write-handler-on-resurrect.ts';
import { noreplicasOnReplica } from './noreplicas-on-replica.ts';
import { noreplicasTopLevelOnly } from './noreplicas-top-level-only.ts';
import { perReplicaSelect } from './per-replica-select.ts';
import { pingEveryCron } from './ping-every-cron.ts';
import { pingOnlineOnly } from './ping-online-only.ts';
import { pingWhileFailover } from './ping-while-failover.ts';
import { proxyOnRead } from './proxy-on-read.ts';
import { rdbWithoutInfo } from './rdb-without-info.ts';
import { relativeTtl } from './relative-ttl.ts';
import { replicaofAlwaysResets } from './replicaof-always-resets.ts';
import { resetOffsetOnPromotion } from './reset-offset-on-promotion.ts';
import { resetOffsetOnSwitch } from './reset-offset-on-switch.ts';
import { secondOffsetOffByOne } from './second-offset-off-by-one.ts';
import { streamBeforeAck } from './stream-before-ack.ts';
import { strictPingReply } from './strict-ping-reply.ts';
import { syncWithPendingOutput } from './sync-with-pending-output.ts';
import { timeoutPrePsync } from './timeout-pre-psync.ts';
import { transientErrorDiscards } from './transient-error-discards.ts';
import { trimTwoOnNewline } from './trim-two-on-newline.ts';
import { waitOnReplica } from './wait-on-replica.ts';

export type { Mutant } from './mutant.ts';

/** Every mutant, in the order of the catalogue. */
export const MUTANTS: readonly Mutant[] = [
  noReplid2,
  ignoreSecondOffset,
  secondOffsetOffByOne,
  keepIdOnBacklogCreate,
  keepIdOnTtl,
  noTtlResetOnPromotion,
  transientErrorDiscards,
  resetOffsetOnSwitch,
  fullresyncOffsetAtRequest,
  attachWithoutBuffer,
  attachCurrentOffset,
  noSelectAfterFullsync,
  perReplicaSelect,
  feedWaitingStart,
  noSelectAfterPromotion,
  pingOnlineOnly,
  noUpperBound,
  backlogDropCrlf,
  resetOffsetOnPromotion,
  newlineToSubreplicas,
  noDisconnectOnNewId,
  proxyOnRead,
  keepMultiOnCache,
  dirtyCache,
  keepReadOffset,
  keepBacklogOnFullsync,
  earlyDiscard,
  badOffsetFullsync,
  waitOnReplica,
  noWriteHandlerOnResurrect,
  trimTwoOnNewline,
  noNewlineWhileLoading,
  newlineAtPingPeriod,
  pingEveryCron,
  noCancelHandshake,
  replicaofAlwaysResets,
  noConnectTimeout,
  timeoutPrePsync,
  noReplicaTimeout,
  strictPingReply,
  syncWithPendingOutput,
  rdbWithoutInfo,
  noDelayOnAofChild,
  keepChildWhileSync,
  eagainIsFatal,
  keepUselessChild,
  streamBeforeAck,
  newlineInSocketTransfer,
  noDisklessTimeout,
  failedChildMarksOnline,
  noRdbIds,
  masterLoadsIdsAsPrimary,
  masterRestartLosesHistory,
  noExpiredDelOnLoad,
  noStreamDb,
  infoOnlyForSync,
  noBacklogOnContinue,
  dropExpiredInRdb,
  noScriptsInRdb,
  noExecOnRoleChange,
  keepBlockedOnDemotion,
  noreplicasOnReplica,
  noreplicasTopLevelOnly,
  noPingWhilePaused,
  pingWhileFailover,
  noShutdownWait,
  leakWritableTtl,
  noExpireMask,
  relativeTtl,
  countPostponed,
  hugeBlock,
  limitBelowBacklog,
];

/** A version of Redis with these rules broken; each mutant builds on those before it. */
export function mutated(profile: Profile, names: readonly string[]): Profile {
  if (names.length === 0) return profile;
  let server = profile;
  for (const { name, profile: only, rules, differences } of MUTANTS) {
    if (!names.includes(name) || (only !== undefined && only !== profile.name)) continue;
    server = { ...server, ...differences, rules: { ...server.rules, ...rules?.(server.rules) } };
  }
  return server;
}
