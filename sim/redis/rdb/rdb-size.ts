/**
 * How many bytes data takes in an RDB file, without compression (rdb.c, ziplist.c, listpack.c). Strings that spell
 * small integers are stored as such.
 */

/** A length prefix (rdbSaveLen). */
export function lengthBytes(length: number): number {
  if (length < 64) return 1;
  if (length < 16384) return 2;
  return length <= 0xffffffff ? 5 : 9;
}

/** A string with its length prefix, or the integer it spells (rdbSaveRawString). */
export function stringBytes(text: string): number {
  if (text.length <= 11) {
    const width = integerWidth(text);
    if (width > 0 && width <= 4) return 1 + width;
  }
  return rawStringBytes(text.length);
}

/** A string of so many bytes that spells no integer. */
export function rawStringBytes(length: number): number {
  return lengthBytes(length) + length;
}

/** Bytes of the smallest signed integer type that holds the integer a text spells: 1, 2, 4, 8; 0 if none. */
export function integerWidth(text: string): 0 | 1 | 2 | 4 | 8 {
  if (!spellsInteger(text)) return 0;
  const value = Number(text);
  if (value >= -0x80 && value <= 0x7f) return 1;
  if (value >= -0x8000 && value <= 0x7fff) return 2;
  if (value >= -0x8000_0000 && value <= 0x7fff_ffff) return 4;
  return text.length < 19 || fitsInt64(text) ? 8 : 0;
}

/** An entry of a ziplist: its encoding, its bytes and the next entry's note of its length (zipStoreEntry). */
export function ziplistEntryBytes(text: string): number {
  const bytes = encodedBytes(text);
  return bytes + noteBytes(bytes);
}

/** What the next entry's note of a long last entry would take more than the first entry's of none does. */
export function ziplistNoteSpared(last: string): number {
  return noteBytes(encodedBytes(last)) - 1;
}

function encodedBytes(text: string): number {
  const bytes = ziplistIntegerBytes(text);
  if (bytes !== 0) return bytes;
  const { length } = text;
  return (length < 64 ? 1 : length < 16384 ? 2 : 5) + length;
}

function noteBytes(encoded: number): number {
  return encoded + 1 < 254 ? 1 : 5;
}

/** A ziplist's header and end (ZIPLIST_HEADER_SIZE, ZIPLIST_END_SIZE). */
export const ZIPLIST_OVERHEAD = 11;

function ziplistIntegerBytes(text: string): number {
  if (text.length >= 32) return 0;
  const width = integerWidth(text);
  if (width === 0) return 0;
  if (width === 1) return Number(text) >= 0 && Number(text) <= 12 ? 1 : 2;
  if (width === 4) return Number(text) >= -0x80_0000 && Number(text) <= 0x7f_ffff ? 4 : 5;
  return 1 + width;
}

/** An entry of a listpack: its encoding, its bytes and the length of both, by which it is read backwards (lpEncodeGetType). */
export function listpackEntryBytes(text: string): number {
  let bytes = listpackIntegerBytes(text);
  if (bytes === 0) {
    const { length } = text;
    bytes = (length < 64 ? 1 : length < 4096 ? 2 : 5) + length;
  }
  return bytes + backlenBytes(bytes);
}

/** A listpack's header and end (LP_HDR_SIZE, LP_EOF). */
export const LISTPACK_OVERHEAD = 7;

function listpackIntegerBytes(text: string): number {
  const width = integerWidth(text);
  if (width === 0) return 0;
  if (width === 8) return 9;
  const value = Number(text);
  if (value >= 0 && value <= 127) return 1;
  if (value >= -4096 && value <= 4095) return 2;
  if (width <= 2) return 3;
  return value >= -0x80_0000 && value <= 0x7f_ffff ? 4 : 5;
}

/** Seven bits of the length in each byte (lpEncodeBacklen). */
function backlenBytes(length: number): number {
  if (length <= 127) return 1;
  if (length < 16383) return 2;
  if (length < 2097151) return 3;
  return length < 268435455 ? 4 : 5;
}

/** Whether a text is an integer exactly as it would be printed. */
function spellsInteger(text: string): boolean {
  const { length } = text;
  if (length === 0 || length > 20) return false;
  const start = text.charCodeAt(0) === 45 ? 1 : 0;
  if (start === length) return false;
  const first = text.charCodeAt(start);
  if (first === 48) return length === 1;
  for (let i = start; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code < 48 || code > 57) return false;
  }
  return true;
}

function fitsInt64(text: string): boolean {
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value;
}
