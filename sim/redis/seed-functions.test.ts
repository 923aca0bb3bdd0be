import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runScenario } from '../../src/run/run.ts';
import { loadScenarioFile } from '../../src/scenario/load.ts';
import { FakeSystem } from './fake-system.test-helper.ts';
import { initialServer } from './initial-server.ts';
import * as client from './networking/client.ts';
import * as server from './server.ts';

const HERE = dirname(fileURLToPath(import.meta.url));
const SCENARIOS = join(HERE, '../../scenarios');

/** The functions of replication.c and its neighbours that the seed quotes. */
const QUOTED = [
  'replicationUnsetMaster',
  'shiftReplicationId',
  'changeReplicationId',
  'clearReplicationId2',
  'replicationDiscardCachedMaster',
  'cancelReplicationHandshake',
  'replicationAbortSyncTransfer',
  'undoConnectWithMaster',
  'slaveIsInHandshakeState',
  'disconnectSlaves',
  'replicationSetMaster',
  'disconnectAllBlockedClients',
  'replicationCacheMasterUsingMyself',
  'replicationCreateMasterClient',
  'connectWithMaster',
  'sendSynchronousCommand',
  'slaveTryPartialResynchronization',
  'replicationResurrectCachedMaster',
  'clientHasPendingReplies',
  'masterTryPartialResynchronization',
  'addReplyReplicationBacklog',
  'replicationGetSlaveName',
  'createReplicationBacklog',
  'freeReplicationBacklog',
  'feedReplicationBacklog',
  'feedReplicationBacklogWithObject',
  'replicationSetupSlaveForFullResync',
  'startBgsaveForReplication',
  'replicationScriptCacheFlush',
  'putSlaveOnline',
  'refreshGoodSlavesCount',
  'replicationCron',
];

/** Those it needs and does not quote. */
const REFERENCED = [
  'syncWithMaster',
  'syncCommand',
  'replconfCommand',
  'readSyncBulkPayload',
  'updateSlavesWaitingBgsave',
  'sendBulkToSlave',
  'replicationCacheMaster',
  'replicationHandleMasterDisconnection',
  'replicationFeedSlaves',
  'replicationFeedSlavesFromMasterStream',
  'replicationSendAck',
  'replicationSendNewlineToMaster',
  'rdbPopulateSaveInfo',
  'resizeReplicationBacklog',
];
const FUNCTIONS = [...QUOTED, ...REFERENCED];

const REPL_STATES: Readonly<Record<string, number>> = {
  REPL_STATE_NONE: 0,
  REPL_STATE_CONNECT: 1,
  REPL_STATE_CONNECTING: 2,
  REPL_STATE_RECEIVE_PONG: 3,
  REPL_STATE_SEND_AUTH: 4,
  REPL_STATE_RECEIVE_AUTH: 5,
  REPL_STATE_SEND_PORT: 6,
  REPL_STATE_RECEIVE_PORT: 7,
  REPL_STATE_SEND_IP: 8,
  REPL_STATE_RECEIVE_IP: 9,
  REPL_STATE_SEND_CAPA: 10,
  REPL_STATE_RECEIVE_CAPA: 11,
  REPL_STATE_SEND_PSYNC: 12,
  REPL_STATE_RECEIVE_PSYNC: 13,
  REPL_STATE_TRANSFER: 14,
  REPL_STATE_CONNECTED: 15,
};

const SLAVE_STATES: Readonly<Record<string, number>> = {
  SLAVE_STATE_WAIT_BGSAVE_START: 6,
  SLAVE_STATE_WAIT_BGSAVE_END: 7,
  SLAVE_STATE_SEND_BULK: 8,
  SLAVE_STATE_ONLINE: 9,
};

/** The fields of `struct redisServer` that the seed lists. */
const FIELDS = `
  slaves replid replid2 master_repl_offset second_replid_offset slaveseldb repl_ping_slave_period repl_backlog
  repl_backlog_size repl_backlog_histlen repl_backlog_idx repl_backlog_off repl_backlog_time_limit
  repl_no_slaves_since repl_min_slaves_to_write repl_min_slaves_max_lag repl_good_slaves_count
  repl_diskless_sync repl_diskless_sync_delay masterauth masterhost masterport repl_timeout master cached_master
  repl_state repl_transfer_size repl_transfer_read repl_transfer_last_fsync_off repl_transfer_s repl_transfer_fd
  master_replid master_initial_offset repl_transfer_lastio`
  .trim()
  .split(/\s+/);

/** What stands for a field whose kind of thing the simulation has not: the temporary file is a buffer here. */
const STAND_INS: Readonly<Record<string, string>> = { repl_transfer_fd: 'replTransferPayload' };

const camelCase = (name: string): string =>
  name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** The file that exports each function, and the comment that stands above it. */
function exportedFunctions(): Map<string, { file: string; doc: string }> {
  const found = new Map<string, { file: string; doc: string }>();
  for (const file of readdirSync(HERE, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.ts') || /\.test(-helper)?\.ts$/.test(file)) continue;
    const text = readFileSync(join(HERE, file), 'utf8');
    for (const match of text.matchAll(/(\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?export function (\w+)\(/g)) {
      found.set(match[2]!, { file, doc: match[1] ?? '' });
    }
  }
  return found;
}

describe('every function of the seed', () => {
  const exported = exportedFunctions();

  test.each(FUNCTIONS)('%s is here under its name, with a line that says what it does', (name) => {
    expect(exported.get(name)?.doc).toMatch(/\/\*\*[\s\S]{20,}/);
  });

  test.each(QUOTED)('%s says where in the seed, or in Redis, it comes from', (name) => {
    expect(exported.get(name)?.doc).toMatch(/seed|\w\.c\b/);
  });
});

describe('every constant and field of the seed', () => {
  test('the sixteen states of a replica have their numbers, and no other has', () => {
    const states = Object.entries(server).filter(([name]) => /^REPL_STATE_(?!NAMES)/.test(name));
    expect(Object.fromEntries(states)).toEqual(REPL_STATES);
  });

  test('the states have their names in the order of their numbers', () => {
    expect(server.REPL_STATE_NAMES.map((name) => `REPL_STATE_${name}`)).toEqual(Object.keys(REPL_STATES));
  });

  test("the four states of a master's replica have their numbers", () => {
    const states = Object.entries(client).filter(([name]) => name.startsWith('SLAVE_STATE_'));
    // Redis 7 has one more.
    expect(Object.fromEntries(states)).toEqual({ ...SLAVE_STATES, SLAVE_STATE_RDB_TRANSMITTED: 10 });
  });

  test.each(FIELDS)('the server has %s', (field) => {
    expect(Object.keys(initialServer(new FakeSystem()))).toContain(STAND_INS[field] ?? camelCase(field));
  });
});

const readFile = (path: string): string | null => (existsSync(path) ? readFileSync(path, 'utf8') : null);

/** Runs every case of every scenario file; how many ran. Throws for a file that is no scenario. */
function runAllScenarios(): number {
  let ran = 0;
  const files = readdirSync(SCENARIOS, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.ya?ml$/.test(file),
  );
  for (const file of files.sort()) {
    const path = join(SCENARIOS, file);
    const loaded = loadScenarioFile(readFileSync(path, 'utf8'), path, { readFile });
    if (!loaded.ok) throw new Error(`${file} is wrong: ${JSON.stringify(loaded.problems[0])}`);
    for (const scenario of loaded.scenarios) {
      runScenario(scenario);
      ran++;
    }
  }
  return ran;
}

test('every function of the seed is entered by some scenario', { timeout: 300_000 }, async () => {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
  const ran = runAllScenarios();
  const { result } = await session.post('Profiler.takePreciseCoverage');
  await session.post('Profiler.stopPreciseCoverage');
  session.disconnect();

  expect(ran).toBeGreaterThan(0);
  const entered = new Map<string, number>();
  for (const script of result) {
    if (!/\/sim\/redis\/.+\.ts$/.test(script.url)) continue;
    for (const { functionName, ranges } of script.functions) {
      entered.set(functionName, (entered.get(functionName) ?? 0) + ranges[0]!.count);
    }
  }
  expect(entered.get('replicationCron')).toBeGreaterThan(ran);
  expect(FUNCTIONS.filter((name) => (entered.get(name) ?? 0) === 0)).toEqual([]);
});
