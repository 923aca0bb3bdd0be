/** Marks what follows as the two halves of a double, and as the characters of a text. */
const DOUBLE = 0x1f83d9ab;
const TEXT = 0x5be0cd19;

/**
 * A hash over everything that happens, in order: 128 bits of state, fed word by word after the manner of
 * MurmurHash3. It is quick and tells runs apart; it is no protection against somebody who wants a collision.
 */
export class TraceHash {
  readonly #lanes = Int32Array.of(0x6a09e667, 0xbb67ae85 | 0, 0x3c6ef372, 0xa54ff53a | 0);
  #words = 0;
  readonly #view = new DataView(new ArrayBuffer(8));

  /** Takes in a number: any finite double, at its cheapest an integer of 32 bits. -0 counts as 0. */
  mix(n: number): void {
    if (n === (n | 0)) {
      this.#word(n);
      return;
    }
    this.#view.setFloat64(0, n, true);
    this.#word(DOUBLE);
    this.#word(this.#view.getInt32(0, true));
    this.#word(this.#view.getInt32(4, true));
  }

  /** Takes in a text, so that ("ab", "c") differs from ("a", "bc"). */
  mixText(text: string): void {
    const length = text.length;
    this.#word(TEXT);
    this.#word(length);
    for (let i = 0; i < length; i += 2) {
      this.#word(text.charCodeAt(i) | (i + 1 < length ? text.charCodeAt(i + 1) << 16 : 0));
    }
  }

  /** 64 lower-case hexadecimal digits over all so far; more may follow. */
  digest(): string {
    const lanes = Int32Array.from(this.#lanes);
    lanes[0] = lanes[0]! ^ this.#words;
    let text = '';
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 8; i++) {
        const lane = i & 3;
        lanes[lane] = finalMix((lanes[lane]! + lanes[(lane + 1) & 3]! + 0x9e3779b9) | 0);
      }
      for (const lane of lanes) text += (lane >>> 0).toString(16).padStart(8, '0');
    }
    return text;
  }

  /** Each word goes into one lane, which takes up its neighbour; the lanes take turns. */
  #word(word: number): void {
    const lanes = this.#lanes;
    const lane = this.#words & 3;
    let k = Math.imul(word, 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    const h = lanes[lane]! ^ k;
    const sum = (((h << 13) | (h >>> 19)) + lanes[(lane + 1) & 3]!) | 0;
    lanes[lane] = (Math.imul(sum, 5) + 0xe6546b64) | 0;
    this.#words = (this.#words + 1) | 0;
  }
}

/** MurmurHash3's last step: every bit of the input reaches every bit of the output. */
function finalMix(lane: number): number {
  let h = lane;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
