import { describe, expect, test } from 'vitest';
import { pair, type World } from './world.test-helper.ts';

const PING_BYTES = '*1\r\n$4\r\nPING\r\n'.length;

/** A master that pings each second, 50 ms before the timer that does, and its replica. */
function beforeThePing(): World {
  return pair({ boot: -2000, config: { 'repl-ping-replica-period': '1' } }).to(2950);
}

const offset = (world: World): number => world.server('A').masterReplOffset;

describe('a loop that goes on comes to its overdue timer before it looks at sockets again', () => {
  test('after a stop, which breaks off epoll_wait: a replica gone meanwhile is still pinged', () => {
    const world = beforeThePing();
    const before = offset(world);
    world.sim.freeze(0);
    world.sim.kill(1);
    world.wait(500);
    world.sim.thaw(0);
    world.wait(1);
    expect(offset(world)).toBe(before + PING_BYTES);
    expect(world.info('A', 'connected_slaves')).toBe(0);
  });

  test('after a long command', () => {
    const world = beforeThePing();
    const before = offset(world);
    world.client('A').send('DEBUG SLEEP 2');
    world.wait(10).sim.kill(1);
    world.wait(2000);
    expect(offset(world)).toBe(before + PING_BYTES);
    expect(world.info('A', 'connected_slaves')).toBe(0);
  });
});
