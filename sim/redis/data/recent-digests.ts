import { type Digest, hashText } from './digest.ts';

/** Texts from this length on are looked up: hashing a shorter one takes no longer than that. */
const WORTH_KEEPING = 256;
/** The longest text that is held on to. */
const TOO_LONG = 16 * 1024 * 1024;
/** A power of two. How many long values are on their way through a few nodes at about the same time. */
const KEPT = 8;

interface Known {
  readonly text: string;
  readonly digest: Digest;
}

/**
 * The digests of the long texts seen last. The same value is hashed on its master, on each replica, and again where
 * it is written again, and long ones are what that costs most for; to compare two texts is far cheaper than to
 * hash one. Only a memory: the answers are `hashText`'s.
 */
export class RecentDigests {
  readonly #before: Digest;
  readonly #known: Known[] = [];
  #next = 0;

  constructor(before: Digest) {
    this.#before = before;
  }

  of(text: string): Digest {
    if (text.length < WORTH_KEEPING || text.length > TOO_LONG) return hashText(text, this.#before);
    for (const known of this.#known) if (known.text === text) return known.digest;
    const digest = hashText(text, this.#before);
    this.#known[this.#next] = { text, digest };
    this.#next = (this.#next + 1) & (KEPT - 1);
    return digest;
  }
}
