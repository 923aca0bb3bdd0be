import { expect, test } from 'vitest';
import { Command } from '../../../sim/redis/networking/bytes.ts';
import type { RedisServer } from '../../../sim/redis/server.ts';
import { Histories } from '../histories.ts';
import { Continuity } from './continuity.ts';
import { Place } from './place.ts';

const A = 0;
const B = 1;

interface Fake {
  replid: string;
  replid2: string;
  secondReplidOffset: number;
  masterReplOffset: number;
  loading: boolean;
  replBacklog: { blocks: { offset: number; length: number; pieces: Command[] }[] };
}

/** Two servers with backlogs, looked at after each step. */
function pair() {
  const told: string[] = [];
  const histories = new Histories(['A', 'B']);
  const continuity = new Continuity(2, histories, (name, node, wrong) =>
    told.push(`${name} ${node}: ${wrong}`),
  );
  const places = [new Place(), new Place()];
  const server = (): Fake => ({
    replid: 'x',
    replid2: '',
    secondReplidOffset: -1,
    masterReplOffset: 0,
    loading: false,
    replBacklog: { blocks: [{ offset: 1, length: 0, pieces: [] }] },
  });
  const servers = [server(), server()];
  const look = (node: number): void => {
    const it = servers[node] as unknown as RedisServer;
    if (!places[node]!.hasMoved(it)) return;
    continuity.moved(node, it, places[node]!);
    places[node]!.moved(it);
  };
  look(A);
  look(B);
  const add = (node: number, ...keys: string[]): void => {
    const it = servers[node]!;
    for (const key of keys) {
      const command = new Command(['DEL', key]);
      it.replBacklog.blocks[0]!.pieces.push(command);
      it.replBacklog.blocks[0]!.length += command.length;
      it.masterReplOffset += command.length;
    }
    look(node);
  };
  return { told, continuity, servers, look, add };
}

test('a replica that passes on what its master wrote keeps the stream', () => {
  const { told, add } = pair();
  add(A, 'a', 'b');
  add(B, 'a');
  add(A, 'c');
  add(B, 'b', 'c');
  expect(told).toEqual([]);
});

test('a replica that leaves a command out has another stream', () => {
  const { told, add } = pair();
  add(A, 'a', 'b');
  add(B, 'b');
  expect(told).toEqual([
    expect.stringMatching(/^continuity 1: its stream has .*DEL.*b.* where others have other bytes$/),
  ]);
});

test('a promoted node has a text of its own, after the one it shares', () => {
  const { told, add, servers } = pair();
  add(A, 'a', 'b');
  add(B, 'a');
  const end = servers[B]!.masterReplOffset;
  Object.assign(servers[B]!, { replid: 'y', replid2: 'x', secondReplidOffset: end + 1 });
  add(B, 'z');
  expect(told).toEqual([]);
});

test('an offset that goes back breaks the window, unless a synchronization came between', () => {
  const { told, servers, look, add } = pair();
  add(A, 'a', 'b');
  servers[A]!.loading = true;
  look(A);
  servers[A]!.masterReplOffset = 7;
  servers[A]!.loading = false;
  look(A);
  expect(told).toEqual([]);
  servers[A]!.masterReplOffset = 3;
  look(A);
  expect(told).toEqual([expect.stringMatching(/^window 0: .* went back from 7 to 3$/)]);
});

test('a backlog with other bytes than the stream had breaks the window when it is used', () => {
  const { told, continuity, servers, add } = pair();
  add(A, 'a', 'b');
  const server = servers[A]! as unknown as RedisServer;
  continuity.serves(A, server, 1);
  expect(told).toEqual([]);
  servers[A]!.replBacklog.blocks[0]!.pieces[0] = new Command(['DEL', 'x']);
  continuity.serves(A, server, 1 + new Command(['DEL', 'x']).length);
  expect(told).toEqual([]);
  continuity.serves(A, server, 1);
  expect(told).toEqual([expect.stringMatching(/^window 0: its backlog has .*DEL.*x.* the stream had not$/)]);
});
