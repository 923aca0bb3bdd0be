import { expect, test } from 'vitest';
import { decisionsInLogs, type TimedLine } from './log-parser.ts';

const nodeAt = (address: string): string | null => ({ a: 'A', b: 'B', c: 'C' })[address] ?? null;

function lines(...texts: readonly (readonly [at: number, message: string])[]): TimedLine[] {
  return texts.map(([at_ms, message]) => ({ at: at_ms, at_ms, level: 'notice', message }));
}

test('a master log tells outcome, reason, and the offset where it names one', () => {
  const decisions = decisionsInLogs(
    {
      A: lines(
        [1, 'Replica b asks for synchronization'],
        [1, 'Full resync requested by replica b'],
        [2, 'Replica b asks for synchronization'],
        [
          2,
          'Partial resynchronization request from b accepted. Sending 22 bytes of backlog starting from offset 100.',
        ],
        [3, 'Replica c asks for synchronization'],
        [3, 'Unable to partial resync with replica c for lack of backlog (Replica request was: 7).'],
        [4, 'Replica c asks for synchronization'],
        [4, 'Unable to partial resync with replica c for lack of backlog (Replica request was: 900).'],
        [
          4,
          'Warning: replica c tried to PSYNC with an offset that is greater than the master replication offset.',
        ],
        [5, 'Replica c asks for synchronization'],
        [
          5,
          'Partial resynchronization not accepted: Requested offset for second ID was 51, but I can reply up to 50',
        ],
        [6, 'Replica 127.0.0.1:<unknown-replica-port> asks for synchronization'],
        [6.5, 'Replica 127.0.0.1:<unknown-replica-port> asks for synchronization'],
        [6.5, 'Replica 127.0.0.1:<unknown-replica-port> asks for synchronization but with a wrong offset'],
        [7, 'Replica c asks for synchronization'],
        [
          7,
          "Partial resynchronization not accepted: Replication ID mismatch (Replica asked for 'x', my replication IDs are 'y' and 'z')",
        ],
      ),
    },
    nodeAt,
  );
  expect(
    decisions.map(({ replica, outcome, reason, offset, bytes }) => [replica, outcome, reason, offset, bytes]),
  ).toEqual([
    ['B', 'full', 'forced', null, 0],
    ['B', 'partial', null, 100, 22],
    ['C', 'full', 'lack-of-backlog', 7, 0],
    ['C', 'full', 'offset-ahead', 900, 0],
    ['C', 'full', 'replid2-offset', 51, 0],
    [null, 'full', 'unlogged', null, 0],
    [null, 'refused', 'bad-offset', null, 0],
    ['C', 'full', 'replid-mismatch', null, 0],
  ]);
});

test('a master without a backlog warns of an offset ahead too; the one it gives then tells that it was not', () => {
  const A = lines(
    [10, 'Replica b asks for synchronization'],
    [10, 'Unable to partial resync with replica b for lack of backlog (Replica request was: 54).'],
    [
      10,
      'Warning: replica b tried to PSYNC with an offset that is greater than the master replication offset.',
    ],
  );
  const answered = (offset: number): TimedLine[] =>
    lines([9, 'Connecting to MASTER a'], [11, `Full resync from master: ${'0'.repeat(40)}:${offset}`]);
  expect(decisionsInLogs({ A, B: answered(53) }, nodeAt)[0]!.reason).toBe('lack-of-backlog');
  expect(decisionsInLogs({ A, B: answered(52) }, nodeAt)[0]!.reason).toBe('offset-ahead');
  // More was written before the answer: the master's offset was not this one when it was asked.
  expect(decisionsInLogs({ A, B: answered(67) }, nodeAt)[0]!.reason).toBeNull();
});

test('the replica tells whether a partial answer named another id than it asked for', () => {
  const master = lines(
    [10, 'Replica b asks for synchronization'],
    [
      10,
      'Partial resynchronization request from b accepted. Sending 0 bytes of backlog starting from offset 5.',
    ],
    [30, 'Replica b asks for synchronization'],
    [
      30,
      'Partial resynchronization request from b accepted. Sending 0 bytes of backlog starting from offset 9.',
    ],
  );
  const replica = lines(
    [9, 'Connecting to MASTER a'],
    [11, 'Successful partial resynchronization with master.'],
    [11, 'Master replication ID changed to x'],
    [29, 'Connecting to MASTER a'],
    [31, 'Successful partial resynchronization with master.'],
  );
  const reasons = decisionsInLogs({ A: master, B: replica }, nodeAt).map(({ reason }) => reason);
  expect(reasons).toEqual(['replid2', 'replid']);
});

test('a refusal stands only in the log of the replica that was refused', () => {
  const replica = lines(
    [1, 'Connecting to MASTER a'],
    [2, 'Trying a partial resynchronization (request abcdef:77).'],
    [
      3,
      "Master is currently unable to PSYNC but should be in the future: -NOMASTERLINK Can't SYNC while not connected with my master",
    ],
  );
  expect(decisionsInLogs({ A: [], B: replica }, nodeAt)).toEqual([
    { at_ms: 3, replica: 'B', master: 'A', outcome: 'refused', reason: 'nomasterlink', offset: 77, bytes: 0 },
  ]);
});

test('who sent the old SYNC to a master that does not know its name, its own log tells', () => {
  const asks = 'Replica 127.0.0.1:<unknown-replica-port> asks for synchronization';
  const decisions = decisionsInLogs(
    {
      A: lines([10, asks], [5320, asks], [9000, asks]),
      B: lines([4000, 'Connecting to MASTER a'], [5000, 'Retrying with SYNC...']),
    },
    nodeAt,
  );
  expect(decisions.map(({ replica }) => replica)).toEqual([null, 'B', null]);
});
