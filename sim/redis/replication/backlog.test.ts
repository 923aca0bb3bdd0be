import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { type Bytes, Command, Text } from '../networking/bytes.ts';
import { newClient } from '../networking/client.ts';
import {
  addReplyReplicationBacklog,
  CONFIG_REPL_BACKLOG_MIN_SIZE,
  createReplicationBacklog,
  feedReplicationBacklog,
  feedReplicationBacklogWithObject,
  freeReplicationBacklog,
  resizeReplicationBacklog,
} from './backlog.ts';

/** The ring as one would write it without thinking: every byte that was ever fed, and where the ring begins. */
class Model {
  stream = '';
  held = '';
  size = 16;
  exists = false;

  create(): void {
    this.exists = true;
    this.held = '';
  }

  feed(text: string): void {
    this.stream += text;
    this.held = (this.held + text).slice(-this.size);
  }

  /** The bytes from a stream offset on. */
  from(offset: number): string {
    return this.stream.slice(offset - 1);
  }
}

/** Sizes below Redis's minimum are set directly: the arithmetic does not know the minimum. */
function labOf(size: number): Lab {
  const lab = new Lab();
  lab.server.replBacklogSize = size;
  return lab;
}

/** What is queued for a new client from an offset on, spelled out, and the length that was returned. */
function queued(lab: Lab, offset: number): { text: string; returned: number } {
  const c = newClient(99, 5, 0);
  c.replstate = 9;
  c.flags = 1 << 21; // its write is pending already, so nothing is scheduled
  const returned = addReplyReplicationBacklog(lab.redis, c, offset);
  return { text: c.output.chunks.map((chunk) => chunk.text()).join(''), returned };
}

function check(lab: Lab, model: Model): void {
  const { server } = lab;
  expect(server.masterReplOffset).toBe(model.stream.length);
  expect(server.replBacklogHistlen).toBe(model.held.length);
  expect(server.replBacklogOff).toBe(model.stream.length - model.held.length + 1);
  expect(server.replBacklogIdx).toBeGreaterThanOrEqual(0);
  expect(server.replBacklogIdx).toBeLessThan(server.replBacklogSize);
  for (let offset = server.replBacklogOff; offset <= server.masterReplOffset + 1; offset++) {
    const { text, returned } = queued(lab, offset);
    expect(text).toBe(model.from(offset));
    expect(returned).toBe(text.length);
  }
}

type Step =
  | { readonly do: 'feed'; readonly parts: number; readonly command: boolean }
  | { readonly do: 'create' | 'free' }
  | { readonly do: 'resize'; readonly to: number };

const steps = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ do: fc.constant('feed' as const), parts: fc.nat(3000), command: fc.boolean() }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('create' as const, 'free' as const) }) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('resize' as const), to: fc.integer({ min: 1, max: 40 }) }),
    },
  ),
  { maxLength: 30 },
);

describe('the backlog against a plain array', () => {
  test('any feeds, resizes, frees and creates leave the numbers and the bytes of every held offset right', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), steps, (size, todo) => {
        const lab = labOf(size);
        const model = new Model();
        model.size = size;
        model.create();
        createReplicationBacklog(lab.redis);
        let written = 0;
        for (const step of todo as Step[]) {
          if (step.do === 'feed' && model.exists) {
            const length = (step.parts * 3 * model.size) / 3000;
            const filler = Array.from({ length }, () => String.fromCharCode(97 + (written++ % 26))).join('');
            const bytes: Bytes = step.command ? new Command(['SET', filler]) : new Text(filler);
            feedReplicationBacklog(lab.redis, bytes);
            model.feed(bytes.text());
          } else if (step.do === 'create' && !model.exists) {
            createReplicationBacklog(lab.redis);
            model.create();
          } else if (step.do === 'free' && model.exists) {
            const { replBacklogOff, replBacklogHistlen } = lab.server;
            freeReplicationBacklog(lab.redis);
            expect(lab.server).toMatchObject({ replBacklog: null, replBacklogOff, replBacklogHistlen });
            model.exists = false;
          } else if (step.do === 'resize' && step.to !== model.size && model.exists) {
            // The function itself would raise it to the minimum; what it does to the ring is the same.
            resizeReplicationBacklog(lab.redis, CONFIG_REPL_BACKLOG_MIN_SIZE + step.to);
            lab.server.replBacklogSize = step.to;
            model.size = step.to;
            model.held = '';
          }
          if (model.exists) check(lab, model);
        }
      }),
      { numRuns: 150 },
    );
  });

  test('what is held does not grow with what was fed: spent pieces are let go', () => {
    const lab = labOf(1000);
    createReplicationBacklog(lab.redis);
    for (let i = 0; i < 50_000; i++) feedReplicationBacklog(lab.redis, new Text('0123456789'));
    const pieces = lab.server.replBacklog!.blocks.reduce((sum, block) => sum + block.pieces.length, 0);
    expect(pieces).toBeLessThan(400);
    expect(queued(lab, lab.server.replBacklogOff).text).toHaveLength(1000);
  });
});

describe('the numbers of the backlog', () => {
  test('a new one is empty and begins at the byte after master_repl_offset', () => {
    const lab = labOf(100);
    lab.server.masterReplOffset = 41;
    createReplicationBacklog(lab.redis);
    expect(lab.server).toMatchObject({ replBacklogHistlen: 0, replBacklogIdx: 0, replBacklogOff: 42 });
  });

  test('the index is the ring position after the last byte: modulo the size, never equal to it', () => {
    const lab = labOf(10);
    createReplicationBacklog(lab.redis);
    feedReplicationBacklog(lab.redis, new Text('0123456'));
    expect(lab.server.replBacklogIdx).toBe(7);
    feedReplicationBacklog(lab.redis, new Text('789'));
    expect(lab.server.replBacklogIdx).toBe(0);
    feedReplicationBacklog(lab.redis, new Text('x'.repeat(23)));
    expect(lab.server.replBacklogIdx).toBe(3);
  });

  test('an empty backlog queues nothing, also where a wrong offset is asked for', () => {
    const lab = labOf(10);
    createReplicationBacklog(lab.redis);
    expect(queued(lab, 1)).toEqual({ text: '', returned: 0 });
  });

  test('there can be no second one, and none is freed under a replica', () => {
    const lab = labOf(10);
    createReplicationBacklog(lab.redis);
    expect(() => createReplicationBacklog(lab.redis)).toThrow('there is a backlog');
    lab.server.slaves.push(7);
    expect(() => freeReplicationBacklog(lab.redis)).toThrow('there are replicas');
  });

  test('a resize to another size empties it, one to the same size does not, and 16384 is the least', () => {
    const lab = new Lab({ 'repl-backlog-size': ['20000'] }).withBacklog();
    feedReplicationBacklog(lab.redis, new Text('hello'));
    resizeReplicationBacklog(lab.redis, 20_000);
    expect(lab.server.replBacklogHistlen).toBe(5);
    resizeReplicationBacklog(lab.redis, 100);
    expect(lab.server).toMatchObject({ replBacklogSize: 16384, replBacklogHistlen: 0, replBacklogOff: 6 });
    expect(queued(lab, 6).text).toBe('');
    feedReplicationBacklog(lab.redis, new Text('again'));
    resizeReplicationBacklog(lab.redis, 1);
    expect(queued(lab, 6).text).toBe('again');
  });

  test('a size is remembered where there is no backlog yet', () => {
    const lab = new Lab();
    resizeReplicationBacklog(lab.redis, 50_000);
    expect(lab.server).toMatchObject({ replBacklog: null, replBacklogSize: 50_000 });
  });

  test('an object is fed as its bytes', () => {
    const lab = labOf(100).withBacklog();
    feedReplicationBacklogWithObject(lab.redis, new Command(['PING']));
    expect(queued(lab, 1).text).toBe('*1\r\n$4\r\nPING\r\n');
  });

  test('a reply that begins inside a piece carries only its rest', () => {
    const lab = labOf(100).withBacklog();
    feedReplicationBacklog(lab.redis, new Text('abcdef'));
    feedReplicationBacklog(lab.redis, new Text('ghi'));
    expect(queued(lab, 4)).toEqual({ text: 'defghi', returned: 6 });
    expect(queued(lab, 7).text).toBe('ghi');
    expect(queued(lab, 10)).toEqual({ text: '', returned: 0 });
  });
});
