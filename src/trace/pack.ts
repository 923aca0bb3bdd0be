import type { FieldHistory, FieldValue, Trace } from './trace.ts';

/**
 * A trace as a text that compresses well and is read fast: what rises is kept as steps, an arrival as how many
 * moments after the sending, everything else as it is. JSON, because engines read nothing faster.
 */
export function packTrace(trace: Trace): string {
  const { moments, entries, states, ...rest } = trace;
  const packed: PackedTrace = {
    ...rest,
    moments: { at: steps(moments.at), event: steps(moments.event) },
    entries: {
      ...entries,
      moment: steps(entries.moment),
      arrival: entries.arrival.map((arrival, i) => (arrival < 0 ? arrival : arrival - entries.moment[i]!)),
    },
    states: states.map((fields) => fields.map(packField)),
  };
  return JSON.stringify(packed);
}

/** The trace that `packTrace` made this text of. */
export function unpackTrace(text: string): Trace {
  const packed = JSON.parse(text) as PackedTrace;
  if (packed.format !== 1) throw new Error(`a trace of format ${packed.format}, not 1`);
  const { moments, entries, states, ...rest } = packed;
  const moment = sums(entries.moment);
  return {
    ...rest,
    moments: { at: sums(moments.at), event: sums(moments.event) },
    entries: {
      ...entries,
      moment,
      arrival: entries.arrival.map((after, i) => (after < 0 ? after : after + moment[i]!)),
    },
    states: states.map((fields) => fields.map(unpackField)),
  };
}

type PackedTrace = Omit<Trace, 'states'> & { readonly states: readonly (readonly PackedField[])[] };

/** Differences of numbers up to this are exact. */
const MOST = 2 ** 52;

/** Of a field that is a number whenever it is anything, `steps` has the differences from number to number. */
interface PackedField {
  readonly field: string;
  readonly moment: readonly number[];
  readonly value?: readonly FieldValue[];
  readonly steps?: readonly (number | null)[];
}

function packField({ field, moment, value }: FieldHistory): PackedField {
  const packed = { field, moment: steps(moment) };
  if (!value.every(isSteppable)) return { ...packed, value };
  let last = 0;
  const differences = (value as readonly (number | null)[]).map((one) => {
    if (one === null) return null;
    const step = one - last;
    last = one;
    return step;
  });
  return { ...packed, steps: differences };
}

function isSteppable(value: FieldValue): boolean {
  return value === null || (Number.isInteger(value) && Math.abs(value as number) <= MOST);
}

function unpackField(packed: PackedField): FieldHistory {
  const { field } = packed;
  const moment = sums(packed.moment);
  if (packed.steps === undefined) return { field, moment, value: packed.value! };
  let last = 0;
  const value = packed.steps.map((step) => {
    if (step === null) return null;
    last += step;
    return last;
  });
  return { field, moment, value };
}

function steps(values: readonly number[]): number[] {
  return values.map((value, i) => value - (i === 0 ? 0 : values[i - 1]!));
}

function sums(differences: readonly number[]): number[] {
  let sum = 0;
  return differences.map((step) => {
    sum += step;
    return sum;
  });
}
