import { CONTINUITY, WINDOW } from '../../../sim/invariants/index.ts';
import { type Bytes, Command } from '../../../sim/redis/networking/bytes.ts';
import type { RedisServer } from '../../../sim/redis/server.ts';
import { type Histories, leftAt } from '../histories.ts';
import type { Place } from './place.ts';
import { StreamLog } from './stream-log.ts';
import type { Tell } from './tell.ts';

/** Characters of a piece of the stream that a message shows. */
const SHOWN = 40;

/**
 * The text of every history, and whether each server has it: what it adds to its stream must be what the first
 * server at that place added, so a chained replica passes on what it got, and whoever continues begins at the byte
 * after its last one. The same logs tell whether a backlog holds what the stream had.
 */
export class Continuity {
  readonly #histories: Histories;
  readonly #tell: Tell;
  readonly #logs = new Map<string, StreamLog>();
  readonly #current: (StreamLog | null)[];
  /** Where in its log each server is, as StreamLog counts. */
  readonly #at: number[];

  constructor(nodes: number, histories: Histories, tell: Tell) {
    this.#histories = histories;
    this.#tell = tell;
    this.#current = new Array(nodes).fill(null);
    this.#at = new Array(nodes).fill(-1);
  }

  /** A server has moved since `place`: compares what was added to its stream, which its backlog has. */
  moved(node: number, server: RedisServer, place: Place): void {
    let log = this.#current[node]!;
    if (log === null || server.replid !== place.replid || server !== place.server) {
      log = this.#logOf(server, place);
      this.#current[node] = log;
      this.#at[node] = -1;
    }
    if (place.server !== server || place.synchronized) {
      this.#at[node] = -1;
      return;
    }
    if (server.masterReplOffset < place.offset) {
      this.#tell(
        WINDOW,
        node,
        `${this.#name(server)} went back from ${place.offset} to ${server.masterReplOffset}`,
      );
      this.#at[node] = -1;
    } else {
      this.#follow(node, server, place.offset + 1, log);
    }
  }

  /** A master answers with the backlog from this offset on: it must hold what the stream had there. */
  serves(node: number, server: RedisServer, offset: number): void {
    const log = this.#logs.get(server.replid);
    if (log === undefined || server.replBacklog === null) return;
    for (const block of server.replBacklog.blocks) {
      let at = block.offset;
      for (const piece of block.pieces) {
        if (at + piece.length > offset && !log.same(at, piece)) {
          this.#tell(
            WINDOW,
            node,
            `its backlog has ${shown(piece)} at ${this.#name(server)}:${at}, the stream had not`,
          );
          return;
        }
        at += piece.length;
      }
    }
  }

  /** Whether all that is known of a history after an offset are heartbeats. */
  onlyPings(replid: string, beyond: number): boolean {
    const isPing = (piece: Bytes): boolean => piece instanceof Command && /^ping$/i.test(piece.argv[0]!);
    return this.#logs.get(replid)?.every(beyond, isPing) ?? false;
  }

  /** Compares the pieces from `from` on; they are found from the end, where they mostly are one. */
  #follow(node: number, server: RedisServer, from: number, log: StreamLog): void {
    const blocks = server.replBacklog?.blocks;
    if (blocks === undefined || blocks.length === 0) return;
    let b = blocks.length - 1;
    let { pieces } = blocks[b]!;
    let i = pieces.length;
    let at = server.masterReplOffset + 1;
    while (at > from) {
      while (i === 0) {
        if (b === 0) {
          this.#compare(node, server, blocks, b, i, at, log);
          return;
        }
        b--;
        pieces = blocks[b]!.pieces;
        i = pieces.length;
      }
      i--;
      at -= pieces[i]!.length;
    }
    this.#compare(node, server, blocks, b, i, at, log);
  }

  #compare(
    node: number,
    server: RedisServer,
    blocks: readonly { readonly pieces: readonly Bytes[] }[],
    firstBlock: number,
    firstPiece: number,
    start: number,
    log: StreamLog,
  ): void {
    let at = start;
    let i = firstPiece;
    let place = this.#at[node]!;
    for (let b = firstBlock; b < blocks.length; b++) {
      const { pieces } = blocks[b]!;
      for (; i < pieces.length; i++) {
        const piece = pieces[i]!;
        place = log.has(at, piece, place);
        if (place === -1) {
          const where = `${this.#name(server)}:${at}`;
          this.#tell(
            CONTINUITY,
            node,
            `its stream has ${shown(piece)} at ${where}, where others have other bytes`,
          );
          this.#at[node] = -1;
          return;
        }
        at += piece.length;
      }
      i = 0;
    }
    this.#at[node] = place;
  }

  #logOf(server: RedisServer, place: Place): StreamLog {
    const known = this.#logs.get(server.replid);
    if (known !== undefined) return known;
    const goesOn = place.server === server && !place.synchronized;
    const log = goesOn
      ? new StreamLog(leftAt(server, place.replid, place.offset) + 1, this.#logs.get(place.replid) ?? null)
      : new StreamLog(server.masterReplOffset + 1, null);
    this.#logs.set(server.replid, log);
    return log;
  }

  #name(server: RedisServer): string {
    return this.#histories.name(server.replid);
  }
}

function shown(piece: Bytes): string {
  const text = piece.length > 10 * SHOWN ? `${piece.length} bytes` : JSON.stringify(piece.text());
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN)}…`;
}
