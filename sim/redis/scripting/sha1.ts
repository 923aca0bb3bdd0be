/** The SHA-1 of a text of one character per byte, as 40 lower-case hex digits. */
export function sha1hex(text: string): string {
  const words = paddedWords(text);
  let a = 0x67452301;
  let b = 0xefcdab89 | 0;
  let c = 0x98badcfe | 0;
  let d = 0x10325476;
  let e = 0xc3d2e1f0 | 0;
  const w = new Int32Array(80);
  for (let block = 0; block < words.length; block += 16) {
    const before = [a, b, c, d, e] as const;
    for (let i = 0; i < 80; i++) {
      w[i] = i < 16 ? words[block + i]! : rotate(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1);
      const next = (rotate(a, 5) + mixed(i, b, c, d) + e + w[i]!) | 0;
      e = d;
      d = c;
      c = rotate(b, 30);
      b = a;
      a = next;
    }
    a = (a + before[0]) | 0;
    b = (b + before[1]) | 0;
    c = (c + before[2]) | 0;
    d = (d + before[3]) | 0;
    e = (e + before[4]) | 0;
  }
  return [a, b, c, d, e].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
}

/** The text as big-endian words: a one bit after it, zeros, and its length in bits at the end of a block. */
function paddedWords(text: string): Int32Array {
  const blocks = Math.ceil((text.length + 9) / 64);
  const words = new Int32Array(blocks * 16);
  for (let i = 0; i <= text.length; i++) {
    const byte = i < text.length ? text.charCodeAt(i) & 0xff : 0x80;
    words[i >> 2]! |= byte << (24 - (i & 3) * 8);
  }
  words[words.length - 2] = Math.floor(text.length / 0x2000_0000);
  words[words.length - 1] = text.length << 3;
  return words;
}

/** The round's function of three words and its constant. */
function mixed(round: number, b: number, c: number, d: number): number {
  if (round < 20) return ((b & c) | (~b & d)) + 0x5a827999;
  if (round < 40) return (b ^ c ^ d) + 0x6ed9eba1;
  if (round < 60) return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
  return (b ^ c ^ d) + 0xca62c1d6;
}

function rotate(word: number, by: number): number {
  return (word << by) | (word >>> (32 - by));
}
