import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { Text } from '../networking/bytes.ts';
import { onReadable, onWritable } from '../process.ts';
import { type Profile, redis50, redis70 } from '../profile.ts';

/** A replica at its handshake, whose master is played by hand. */
class Handshake {
  readonly lab: Lab;

  constructor(profile: Profile, config: Record<string, readonly string[]> = {}) {
    this.lab = new Lab({ replicaof: ['1.2.3.4 6379'], save: [''], ...config }, profile);
    this.lab.tick();
    onWritable(this.lab.redis, this.fd);
  }

  get fd(): number {
    return this.lab.server.replTransferS;
  }

  /** The master says this, a byte at a time as a line is read; what the replica has sent since. */
  hears(line: string): string {
    const { system, redis } = this.lab;
    const { fd } = this;
    system.outgoing.set(fd, '');
    for (const byte of `${line}\r\n`) system.incoming.get(fd)!.push(new Text(byte));
    onReadable(redis, fd);
    return words(system.outgoing.get(fd)!);
  }

  /** The master says nothing for as long as the replica waits for it. */
  hearsNothing(): string {
    const { system, redis } = this.lab;
    const { fd } = this;
    system.outgoing.set(fd, '');
    onReadable(redis, fd);
    this.lab.wait(5000);
    this.lab.resume();
    return words(system.outgoing.get(fd)!);
  }

  get state(): string {
    return this.lab.redis.profile.replStateNames[this.lab.server.replState]!;
  }

  get log(): string[] {
    return this.lab.system.logs;
  }
}

/** Commands as words, one command after another. */
function words(resp: string): string {
  return [...resp.matchAll(/\$\d+\r\n([^\r]*)\r\n/g)].map(([, word]) => word).join(' ');
}

describe('the answer to PING', () => {
  test('-NOPERM lets the handshake go on, or not', () => {
    const states = [redis50, redis70].map((profile) => {
      const handshake = new Handshake(profile);
      handshake.hears("-NOPERM this user has no permissions to run the 'ping' command");
      return handshake.state;
    });
    expect(states).toEqual(['CONNECT', 'RECEIVE_AUTH_REPLY']);
  });
});

describe('AUTH', () => {
  test('names a user where there are users', () => {
    const config = { masterauth: ['secret'] };
    expect(new Handshake(redis50, config).hears('+PONG')).toBe('AUTH secret');
    expect(new Handshake(redis70, config).hears('+PONG')).toMatch(
      /^AUTH secret REPLCONF listening-port 6379 /,
    );
    const withUser = new Handshake(redis70, { ...config, masteruser: ['alice'] });
    expect(withUser.hears('+PONG')).toMatch(/^AUTH alice secret REPLCONF /);
  });
});

describe('a reply that does not come', () => {
  test('to REPLCONF is no matter, or ends the attempt', () => {
    const ends = [redis50, redis70].map((profile) => {
      const handshake = new Handshake(profile);
      handshake.hears('+PONG');
      return [handshake.hearsNothing(), handshake.state, handshake.log.at(-1)];
    });
    expect(ends).toEqual([
      [
        'REPLCONF capa eof capa psync2',
        'RECEIVE_CAPA',
        'notice (Non critical) Master does not understand REPLCONF listening-port: -Reading from master: Connection ' +
          'timed out',
      ],
      ['', 'CONNECT', 'warning Master did not respond to command during SYNC handshake'],
    ]);
  });

  test('to PSYNC means SYNC and nothing to go on from, or another try', () => {
    const ends = [redis50, redis70].map((profile) => {
      const handshake = new Handshake(profile);
      handshake.hears('+PONG');
      handshake.hears('+OK');
      expect(handshake.hears('+OK')).toBe('PSYNC ? -1');
      handshake.hearsNothing();
      return [handshake.state, handshake.log.at(-1)];
    });
    expect(ends).toEqual([
      ['TRANSFER', 'notice Retrying with SYNC...'],
      ['CONNECT', 'warning Master did not reply to PSYNC, will try later'],
    ]);
  });
});
