import { Lab } from './fake-system.test-helper.ts';
import { type Bytes, Text } from './networking/bytes.ts';
import { onReadable, onWritable } from './process.ts';
import type { Profile } from './profile.ts';

/** A replica at its handshake, whose master is played by hand. */
export class Handshake {
  readonly lab: Lab;

  constructor(profile: Profile, config: Record<string, readonly string[]> = {}) {
    this.lab = new Lab({ replicaof: ['1.2.3.4 6379'], save: [''], ...config }, profile);
    this.lab.tick();
    onWritable(this.lab.redis, this.fd);
  }

  /** The socket to the master. */
  get fd(): number {
    const { server } = this.lab;
    return server.master === null ? server.replTransferS : server.clients[server.master]!.fd;
  }

  /** The master says this line, a byte at a time as a line is read; what the replica has sent since. */
  hears(line: string): string {
    return this.receives(...[...`${line}\r\n`].map((byte) => new Text(byte)));
  }

  /** The master sends these bytes, all before the replica looks; what the replica has sent since. */
  receives(...bytes: readonly Bytes[]): string {
    const { system, redis } = this.lab;
    const { fd } = this;
    system.outgoing.set(fd, '');
    system.incoming.get(fd)!.push(...bytes);
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

  /** Goes through the whole handshake up to +FULLRESYNC with an offset of 0. */
  toFullResync(): this {
    this.hears('+PONG');
    while (!this.state.startsWith('RECEIVE_PSYNC')) this.hears('+OK');
    this.hears(`+FULLRESYNC ${'a'.repeat(40)} 0`);
    return this;
  }

  /** Goes on to a link that is up, after an RDB of an empty master. */
  toConnected(): this {
    const master = new Lab({ save: [''] }, this.lab.redis.profile);
    master.withBacklog().run(master.connect(), 'SAVE');
    const rdb = master.system.disk!;
    this.toFullResync().hears(`$${rdb.length}`);
    this.receives(rdb);
    this.lab.resume();
    return this;
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
