import { Text } from '../networking/bytes.ts';
import { CLIENT_SLAVE, type Client, SLAVE_CAPA_PSYNC2, SLAVE_STATE_ONLINE } from '../networking/client.ts';
import { freeClientAsync } from '../networking/output-buffer.ts';
import { addReplyError } from '../networking/reply.ts';
import { type Redis, serverLog } from '../system.ts';
import { addReplyReplicationBacklog } from './backlog.ts';
import { refreshGoodSlavesCount } from './good-slaves.ts';
import {
  type PsyncDecision,
  type PsyncRequest,
  type PsyncRule,
  type PsyncState,
  type RefusedReason,
  refusedPsync,
} from './psync-decision.ts';
import { replicationGetSlaveName } from './slave-name.ts';

/** What of the server a PSYNC decision depends on. */
export function psyncState(redis: Redis): PsyncState {
  const { server } = redis;
  return {
    replid: server.replid,
    replid2: server.replid2,
    secondReplidOffset: server.secondReplidOffset,
    masterReplOffset: server.masterReplOffset,
    replBacklogActive: server.replBacklog !== null,
    replBacklogOff: server.replBacklogOff,
    replBacklogHistlen: server.replBacklogHistlen,
  };
}

/** What a refused PSYNC or SYNC was asked, and found. */
const GATE_RULES: Readonly<Record<string, { reason: RefusedReason; rule: Omit<PsyncRule, 'holds'> }>> = {
  noauth: {
    reason: 'noauth',
    rule: {
      rule: 'the client is authenticated',
      left: 'no',
      op: '==',
      right: 'yes',
      source: 'processCommand',
    },
  },
  masterdown: {
    reason: 'masterdown',
    rule: {
      rule: 'the link with my master is up, or stale data may be served',
      left: 'down',
      op: '==',
      right: 'up',
      source: 'processCommand',
    },
  },
  loading: {
    reason: 'loading',
    rule: {
      rule: 'no dataset is being loaded',
      left: 'loading',
      op: '==',
      right: 'loaded',
      source: 'processCommand',
    },
  },
};

/** Records a PSYNC or SYNC that processCommand refused at one of its gates. */
export function recordRefusedSync(redis: Redis, c: Client, gate: string): void {
  const refusal = GATE_RULES[gate];
  if (refusal === undefined) return;
  redis.system.decided(c.fd, refusedPsync(refusal.reason, psyncState(redis), psyncRequest(c), refusal.rule));
}

/** The request as its arguments stand: PSYNC's two, or the old SYNC's none. */
export function psyncRequest(c: Client): PsyncRequest {
  return c.argv.length >= 3 ? { replid: c.argv[1]!, offset: c.argv[2]! } : 'SYNC';
}

/**
 * Answers a PSYNC: true where the replica can continue, with `+CONTINUE` and the backlog from its offset on;
 * false where it needs a full resynchronization, whose reply must wait for the snapshot (seed 3.3.6).
 */
export function masterTryPartialResynchronization(redis: Redis, c: Client): boolean {
  const { server, system } = redis;
  const decision = redis.rules.decidePsync(psyncState(redis), psyncRequest(c));
  system.decided(c.fd, decision);
  if (decision.outcome !== 'partial') {
    if (decision.reason === 'bad-offset') addReplyError(redis, c, 'value is not an integer or out of range');
    logRefusal(redis, c, decision);
    return false;
  }

  c.flags |= CLIENT_SLAVE;
  c.replstate = SLAVE_STATE_ONLINE;
  c.replAckTime = server.unixtime;
  c.replPutOnlineOnAck = false;
  server.slaves.push(c.id);
  // The client's buffer collects commands from here on, so the reply is written past it.
  const reply = (c.slaveCapa & SLAVE_CAPA_PSYNC2) !== 0 ? `+CONTINUE ${server.replid}\r\n` : '+CONTINUE\r\n';
  if (system.write(c.fd, new Text(reply)) !== reply.length) {
    freeClientAsync(redis, c);
    return true;
  }
  const sent = addReplyReplicationBacklog(redis, c, decision.offset!);
  serverLog(
    redis,
    'notice',
    `Partial resynchronization request from ${replicationGetSlaveName(redis, c)} accepted. ` +
      `Sending ${sent} bytes of backlog starting from offset ${decision.offset}.`,
  );
  refreshGoodSlavesCount(redis);
  return true;
}

function logRefusal(redis: Redis, c: Client, decision: PsyncDecision): void {
  const { server } = redis;
  const name = replicationGetSlaveName(redis, c);
  switch (decision.reason) {
    case 'forced':
      serverLog(redis, 'notice', `Full resync requested by replica ${name}`);
      return;
    case 'replid-mismatch':
      serverLog(
        redis,
        'notice',
        `Partial resynchronization not accepted: Replication ID mismatch (Replica asked for ` +
          `'${decision.replid}', my replication IDs are '${server.replid}' and '${server.replid2}')`,
      );
      return;
    case 'replid2-offset':
      serverLog(
        redis,
        'notice',
        `Partial resynchronization not accepted: Requested offset for second ID was ${decision.offset}, ` +
          `but I can reply up to ${server.secondReplidOffset}`,
      );
      return;
    case 'no-backlog':
    case 'backlog-overwritten':
    case 'offset-ahead':
      serverLog(
        redis,
        'notice',
        `Unable to partial resync with replica ${name} for lack of backlog ` +
          `(Replica request was: ${decision.offset}).`,
      );
      if (decision.offset! > server.masterReplOffset) {
        serverLog(
          redis,
          'warning',
          `Warning: replica ${name} tried to PSYNC with an offset that is greater than the master ` +
            'replication offset.',
        );
      }
      return;
    default:
  }
}
