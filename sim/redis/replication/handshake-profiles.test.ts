import { describe, expect, test } from 'vitest';
import { Handshake } from '../handshake.test-helper.ts';
import { redis50, redis70 } from '../profile.ts';

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
