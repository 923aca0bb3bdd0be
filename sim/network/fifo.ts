/** First in, first out, in a ring that grows. */
export class Fifo<T> {
  /** How many are in it. */
  length = 0;
  #items: (T | undefined)[] = new Array<T | undefined>(8).fill(undefined);
  #head = 0;

  push(item: T): void {
    if (this.length === this.#items.length) this.#grow();
    this.#items[(this.#head + this.length++) & (this.#items.length - 1)] = item;
  }

  /** The one that counts so many from the front; there must be one. */
  at(index: number): T {
    return this.#items[(this.#head + index) & (this.#items.length - 1)] as T;
  }

  /** Puts another in the place of one. */
  set(index: number, item: T): void {
    this.#items[(this.#head + index) & (this.#items.length - 1)] = item;
  }

  /** Takes the front one; there must be one. */
  shift(): T {
    const item = this.#items[this.#head] as T;
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.length--;
    return item;
  }

  /** Forgets all but so many from the front. */
  truncate(length: number): void {
    while (this.length > length) this.set(--this.length, undefined as T);
  }

  #grow(): void {
    const items = this.#items;
    const grown = new Array<T | undefined>(2 * items.length).fill(undefined);
    for (let i = 0; i < this.length; i++) grown[i] = items[(this.#head + i) & (items.length - 1)];
    this.#items = grown;
    this.#head = 0;
  }
}
