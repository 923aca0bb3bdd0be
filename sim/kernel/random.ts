import seedrandom from 'seedrandom';
import { assert } from './assert.ts';

/** What a stream has come to, as plain data. */
export type RandomState = Readonly<seedrandom.State.Alea>;

const TWO_TO_32 = 0x100000000;

/**
 * The random numbers of a run. Every consumer has a stream of its own, known by name, so that one more
 * consumer or one more draw leaves all others as they were.
 */
export class RandomStreams {
  #seed: string;
  readonly #streams = new Map<string, RandomStream>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** The stream of that name: the same object for the same name. */
  stream(name: string): RandomStream {
    let stream = this.#streams.get(name);
    if (stream === undefined) {
      stream = new RandomStream(`${this.#seed}/${name}`);
      this.#streams.set(name, stream);
    }
    return stream;
  }

  /** From now on every stream, known or yet to be asked for, is that of another seed. */
  branch(seed: string): void {
    this.#seed = seed;
    for (const [name, stream] of this.#streams) stream.restore(new RandomStream(`${seed}/${name}`).state());
  }
}

/** One stream of random numbers: Johannes Baagøe's Alea, 32 bits a draw. */
export class RandomStream {
  #draw: seedrandom.StatefulPRNG<seedrandom.State.Alea>;

  constructor(seed: string) {
    this.#draw = seedrandom.alea(seed, { state: true });
  }

  /** A number in [0, 1), a multiple of 2^-32. */
  next(): number {
    return this.#draw();
  }

  /** An integer in [0, below); `below` is a positive integer. Above 2^32 it takes two draws. */
  integer(below: number): number {
    assert(below >= 1 && Number.isSafeInteger(below), 'a random integer needs a positive bound');
    return Math.floor((below > TWO_TO_32 ? this.#draw.double() : this.#draw()) * below);
  }

  /** So many lower-case hexadecimal digits, one draw for each eight. */
  hex(digits: number): string {
    let text = '';
    while (text.length < digits) {
      text += Math.floor(this.#draw() * TWO_TO_32)
        .toString(16)
        .padStart(8, '0');
    }
    return text.slice(0, digits);
  }

  /** Where the stream stands, for `restore`. */
  state(): RandomState {
    return this.#draw.state();
  }

  /** Goes (back) to where `state` was asked. */
  restore(state: RandomState): void {
    this.#draw = seedrandom.alea('', { state: { ...state } });
  }
}
