/** Pairs of numbers, first in, first out, in a ring that grows; it allocates nothing otherwise. */
export class PairFifo {
  /** How many pairs are in it. */
  length = 0;
  #numbers = new Float64Array(16);
  #head = 0;

  push(first: number, second: number): void {
    if (2 * this.length === this.#numbers.length) this.#grow();
    const place = (this.#head + 2 * this.length++) & (this.#numbers.length - 1);
    this.#numbers[place] = first;
    this.#numbers[place + 1] = second;
  }

  first(index: number): number {
    return this.#numbers[(this.#head + 2 * index) & (this.#numbers.length - 1)]!;
  }

  second(index: number): number {
    return this.#numbers[((this.#head + 2 * index) & (this.#numbers.length - 1)) + 1]!;
  }

  /** Puts another pair in the place of one. */
  set(index: number, first: number, second: number): void {
    const place = (this.#head + 2 * index) & (this.#numbers.length - 1);
    this.#numbers[place] = first;
    this.#numbers[place + 1] = second;
  }

  /** Drops the front pair; there must be one. */
  shift(): void {
    this.#head = (this.#head + 2) & (this.#numbers.length - 1);
    this.length--;
  }

  /** Forgets all but so many from the front. */
  truncate(length: number): void {
    this.length = Math.min(this.length, length);
  }

  #grow(): void {
    const numbers = this.#numbers;
    const grown = new Float64Array(2 * numbers.length);
    for (let i = 0; i < numbers.length; i++) grown[i] = numbers[(this.#head + i) & (numbers.length - 1)]!;
    this.#numbers = grown;
    this.#head = 0;
  }
}
