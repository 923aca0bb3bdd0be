/**
 * One axis of bytes for a whole picture, on which both sixteen thousand bytes and the one that is missing can be
 * seen. It is cut at the bytes that matter. Between two cuts it is straight; a stretch that is long and tells
 * nothing is folded, and is drawn with a mark.
 */
export interface Axis {
  readonly stretches: readonly Stretch[];
  readonly left: number;
  readonly right: number;
  /** Where a byte that matters begins; others lie between the two nearest. */
  x(byte: number): number;
}

export interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly left: number;
  readonly right: number;
  /** Drawn far shorter than its neighbours. */
  readonly folded: boolean;
}

/** No stretch is narrower: one byte must be seen. */
export const NARROWEST = 18;
/** A stretch in which nobody has a byte and nobody lacks one is never wider. */
export const WIDEST_EMPTY = 64;
/** Stretches drawn with so many times less room for a byte than the one with the most are called folded. */
const FOLDED_FROM = 16;
/** A mark needs this room. */
const ROOM_FOR_MARK = 30;

/** Lays the bytes that matter out between `left` and `right`; `isEmpty` says of a stretch that nothing lies in it. */
export function createAxis(
  bytes: readonly number[],
  isEmpty: (from: number, until: number) => boolean,
  left: number,
  right: number,
): Axis {
  const cuts = [...new Set(bytes)].sort((a, b) => a - b);
  const lengths = cuts.slice(1).map((until, i) => until - cuts[i]!);
  const widest = lengths.map((_, i) => (isEmpty(cuts[i]!, cuts[i + 1]!) ? WIDEST_EMPTY : right - left));
  const widths = shareOut(lengths, widest, right - left);
  const densest = Math.max(0, ...lengths.map((length, i) => widths[i]! / length));
  const places = [left];
  for (const width of widths) places.push(places.at(-1)! + width);
  const stretches = lengths.map((length, i) => ({
    from: cuts[i]!,
    until: cuts[i + 1]!,
    left: places[i]!,
    right: places[i + 1]!,
    folded: widths[i]! >= ROOM_FOR_MARK && (widths[i]! / length) * FOLDED_FROM < densest,
  }));
  return { stretches, left, right, x: (byte) => placeOf(byte, stretches, left) };
}

function placeOf(byte: number, stretches: readonly Stretch[], left: number): number {
  const last = stretches.at(-1);
  if (last === undefined) return left;
  const { from, until, left: begin, right: end } = stretches.find((one) => byte <= one.until) ?? last;
  return begin + ((end - begin) * Math.min(Math.max(byte - from, 0), until - from)) / (until - from);
}

/**
 * Shares a width out to lengths, in proportion, but to each at least the narrowest and at most its own widest. Those
 * that the whole has to give way to get their bound (the too narrow ones, if together they lack more than the too
 * wide ones have too much), and the others share the rest, until none breaks a bound. If even the narrowest are too
 * many, all become narrower.
 */
function shareOut(lengths: readonly number[], widest: readonly number[], width: number): number[] {
  const narrowest = Math.min(NARROWEST, width / Math.max(lengths.length, 1));
  const given = new Map<number, number>();
  for (;;) {
    const open = lengths.flatMap((_, i) => (given.has(i) ? [] : [i]));
    const rest = width - [...given.values()].reduce((sum, one) => sum + one, 0);
    const total = open.reduce((sum, i) => sum + lengths[i]!, 0);
    const share = (i: number): number => (rest * lengths[i]!) / total;
    const bound = (i: number): number => Math.max(narrowest, Math.min(share(i), widest[i]!));
    const lacking = open.reduce((sum, i) => sum + bound(i) - share(i), 0);
    const breaking = open.filter((i) => (lacking >= 0 ? share(i) < bound(i) : share(i) > bound(i)));
    if (breaking.length === 0) return lengths.map((_, i) => given.get(i) ?? bound(i));
    for (const i of breaking) given.set(i, bound(i));
  }
}
