import { CLIENT_PRE_PSYNC } from '../../../sim/redis/networking/client.ts';
import type { Profile } from '../../../sim/redis/profile.ts';
import { NO_REPLID, REPL_STATE_TRANSFER, type RedisServer } from '../../../sim/redis/server.ts';
import { leftAt } from '../histories.ts';
import type { Place } from './place.ts';

/** A history that can be served, up to an offset. */
export interface Served {
  readonly replid: string;
  readonly until: number;
}

/** Where a snapshot of a server stands, if it is to name a place at all (rdb.c rdbPopulateSaveInfo). */
export function placeInFile(server: RedisServer): Served | null {
  const { masterhost, replBacklog, master, cachedMaster, replid, masterReplOffset } = server;
  const isInHistory = masterhost === null ? replBacklog !== null : master !== null || cachedMaster !== null;
  return isInHistory ? { replid, until: masterReplOffset } : null;
}

/** What a server would still be able to serve, had it not thrown it away against the rules. */
interface Thrown {
  readonly why: string;
  readonly replid: string;
  readonly second: Served | null;
  readonly first: number;
  readonly next: number;
}

/**
 * What one server has to remember by the rules of Redis, made from what was seen of it: the place up to which it
 * holds a history, which it offers; the one former history and the backlog, which it serves; and, where Redis
 * itself makes it forget, why.
 */
export class Memory {
  /** What it holds; no id before the first look, and while its data are gone. */
  replid = '';
  /** The least offset it can be at while it keeps this history; -1 for any. */
  #least = -1;
  /** Why it offers nothing, by Redis's own rules; null where it must offer what it holds. */
  forgot: string | null = null;
  /** Why its next request may be SYNC. */
  fellBack: string | null = null;
  second: Served | null = null;
  thrown: Thrown | null = null;
  #size = 0;
  /** When it last had a replica, was promoted or began, in microseconds: from then on the backlog's time runs. */
  #servedAt = 0;
  #promoted = false;
  /** The place that the file which it starts from names, by the rules. */
  #file: Served | null = null;
  /** Whether its data were emptied for a synchronization. */
  #emptied = false;

  /** It has left the course it was on at `place`. */
  moved(server: RedisServer, place: Place, now: number): void {
    if (place.server !== server) {
      this.#begins(server, now);
      return;
    }
    const went = Math.max(place.offset, this.#least);
    if (place.synchronized && !this.#gaveUp(server, place)) this.#arrives(server);
    else if (server.replid !== place.replid) this.#renames(server, place, now);
    if (this.#isThrownAway(server, place)) this.#throw('it emptied its backlog', place);
    this.#size = server.replBacklogSize;
    this.#promoted = false;
    if (this.#emptied) return;
    this.#least = place.synchronized ? -1 : went;
    this.replid = server.replid;
  }

  /** Its process starts from a file that names this place; null where it names none. */
  loads(file: Served | null): void {
    this.#file = file;
  }

  /** Up to where it holds what it holds: it must not forget what it had, wherever it says that it stands. */
  offsetOf(server: RedisServer): number {
    return Math.max(server.masterReplOffset, this.#least);
  }

  /** It wrote a line to its log; the lines are Redis's own and tell what it does, not whether that is right. */
  logged(server: RedisServer, message: string, profile: Profile, now: number): void {
    if (message.startsWith('Connection with replica ')) this.#servedAt = now;
    else if (message.startsWith('MASTER MODE enabled') || message.startsWith('Setting secondary repl')) {
      this.#promoted = true;
      this.#servedAt = now;
      this.forgot = null;
      this.fellBack = null;
    } else if (message === 'Connection with master lost.') this.#losesMaster(server, profile);
    else if (message.startsWith('Successful partial resync')) this.#continues();
    else if (message.startsWith('Full resync from master: ') && !profile.attachesWhenRdbArrived) {
      this.forgot =
        'it forgot what it held when an earlier full synchronization began, which did not end (slaveTryPartialResynchronization before 7.0)';
    } else if (message.startsWith('Discarding previously') && server.replState === REPL_STATE_TRANSFER) {
      this.forgot =
        'it forgot what it held when an earlier RDB had arrived, which it did not load (replicationAttachToNewMaster)';
    } else if (message === 'MASTER <-> REPLICA sync: Flushing old data') {
      this.#emptied = true;
      this.replid = '';
    } else this.#readsReply(message, profile);
  }

  /** What a process has to take up of the file that it starts from (server.c loadDataFromDisk). */
  #begins(server: RedisServer, now: number): void {
    const file = this.#file;
    this.#file = null;
    const isReplica = server.masterhost !== null;
    this.replid = isReplica && file !== null ? file.replid : server.replid;
    this.#least = isReplica && file !== null ? file.until : -1;
    // A master of Redis 7 may take its file's history for its second one.
    const { replid2, secondReplidOffset } = server;
    this.second = replid2 === NO_REPLID ? null : { replid: replid2, until: secondReplidOffset - 1 };
    this.#size = server.replBacklogSize;
    this.#promoted = false;
    this.forgot = null;
    this.fellBack = null;
    this.thrown = null;
    this.#emptied = false;
    this.#servedAt = now;
  }

  /** It was promoted amid a synchronization, and still has what it had. */
  #gaveUp({ replid }: RedisServer, place: Place): boolean {
    return this.#promoted && !this.#emptied && replid !== place.replid;
  }

  /** A synchronization ended. */
  #arrives(server: RedisServer): void {
    if (server.loading || server.replState === REPL_STATE_TRANSFER) return;
    if (server.master === null) return;
    const link = server.clients[server.master];
    this.#emptied = false;
    this.second = null;
    this.thrown = null;
    this.fellBack = null;
    this.forgot =
      link !== undefined && (link.flags & CLIENT_PRE_PSYNC) !== 0
        ? 'it was synchronized with SYNC, which names no history (readSyncBulkPayload)'
        : null;
  }

  #renames(server: RedisServer, place: Place, now: number): void {
    if (server.masterhost !== null || this.#promoted) {
      this.second = { replid: place.replid, until: leftAt(server, place.replid, place.offset) };
      this.thrown = null;
      return;
    }
    const seconds = (now - this.#servedAt) / 1_000_000;
    if (place.backlog !== null && server.replBacklog === null && seconds < server.replBacklogTimeLimit) {
      const limit = `repl-backlog-ttl is ${server.replBacklogTimeLimit}s`;
      this.#throw(
        `it freed its backlog ${seconds.toFixed(1)}s after it had last had a use, and ${limit}`,
        place,
      );
    }
    this.second = null;
  }

  #isThrownAway(server: RedisServer, { backlog, server: process, synchronized }: Place): boolean {
    if (backlog === null || server.replBacklog === null || server.replBacklog === backlog) return false;
    return process === server && !synchronized && server.replBacklogSize === this.#size;
  }

  #throw(why: string, place: Place): void {
    this.thrown = {
      why,
      replid: place.replid,
      second: this.second,
      first: place.first,
      next: place.offset + 1,
    };
  }

  #losesMaster(server: RedisServer, { uncachedMasterFlags }: Profile): void {
    const link = server.master === null ? undefined : server.clients[server.master];
    if (link === undefined || (link.flags & uncachedMasterFlags) === 0) return;
    this.forgot =
      'it closed the link to its master itself, over a protocol error or while blocked (freeClient)';
  }

  #continues(): void {
    this.forgot = null;
    this.fellBack = null;
  }

  #readsReply(message: string, { attachesWhenRdbArrived }: Profile): void {
    const [, reply] =
      /^(?:Unexpected reply to PSYNC from master: |Master does not support PSYNC or is in error state \(reply: )(.*?)\)?$/.exec(
        message,
      ) ?? [];
    if (reply === undefined || reply.startsWith('-LOADING') || reply.startsWith('-NOMASTERLINK')) return;
    const why = reply.startsWith('-Reading from master')
      ? 'the link broke before the reply to its PSYNC was read, which Redis 5 takes for a refusal (mended in 7.0.1, 837c063ba)'
      : `the reply to its PSYNC was ${reply}, after which Redis tries SYNC (slaveTryPartialResynchronization)`;
    this.fellBack = why;
    if (!attachesWhenRdbArrived) this.forgot = why;
  }

  /**
   * Whether this server can serve another one that holds `replid` up to `offset`, by the rules: null where it can,
   * else which rule is in the way.
   */
  refuses(server: RedisServer, replid: string, offset: number): 'id' | 'fence' | 'backlog' | 'ahead' | null {
    const wanted = offset + 1;
    const { thrown } = this;
    if (thrown !== null && serves(thrown.replid, thrown.second, replid, offset) === null) {
      const first = Math.max(thrown.first, server.masterReplOffset - server.replBacklogSize + 1);
      if (wanted >= first && wanted <= thrown.next) return null;
    }
    const wrong = serves(this.replid, this.second, replid, offset);
    if (wrong !== null) return wrong;
    if (wanted > this.offsetOf(server) + 1) return 'ahead';
    return server.replBacklog === null || wanted < server.replBacklogOff ? 'backlog' : null;
  }
}

function serves(
  current: string,
  second: Served | null,
  replid: string,
  offset: number,
): 'id' | 'fence' | null {
  if (replid === current) return null;
  if (second === null || replid !== second.replid) return 'id';
  return offset <= second.until ? null : 'fence';
}
