import { z } from 'zod';
import { PROFILES, type ProfileName } from '../../sim/redis/profile.ts';
import { SeedSet } from './seed-set.ts';
import { SweepTally } from './tally.ts';

/** The version of the format below; a change of meaning makes a new one. */
export const SWEEP_FORMAT = 1;

const span = z.object({ first: z.number(), last: z.number() });

const recordShape = z.object({
  format: z.literal(SWEEP_FORMAT),
  psynclab: z.string(),
  /** What was swept, as a hash: the files, and what the command line changed in them. Equal ones can be joined. */
  sweep: z.string(),
  profiles: z.array(z.enum(Object.keys(PROFILES) as ProfileName[])),
  /** Every scenario (one case of a file), and the seeds that were played of it. */
  scenarios: z.array(z.object({ name: z.string(), played: z.array(span) })),
  runs: z.number(),
  /** In so many of them the states of the servers were watched. */
  watched: z.number(),
  failed: z.number(),
  events: z.number(),
  /** Each kind once: how many seeds showed it, and the quickest of them. */
  failures: z.array(
    z.object({
      scenario: z.string(),
      kind: z.string(),
      seeds: z.number(),
      seed: z.number(),
      events: z.number(),
      message: z.string(),
      /** Commands that play it again, and make it small. */
      repeat: z.array(z.string()),
    }),
  ),
  /** By landmark (`redis-5.0 decision partial/replid2`), in how many runs it was seen. */
  reached: z.record(z.string(), z.number()),
  contradictions: z.array(
    z.object({ scenario: z.string(), seed: z.number(), hashes: z.tuple([z.string(), z.string()]) }),
  ),
});

/** All that a sweep found, as `--json` prints it, `--resume` keeps it and `merge` joins it. */
export type SweepRecord = Readonly<z.infer<typeof recordShape>>;
export type FailureRecord = SweepRecord['failures'][number];

/** What is the same for every part of a sweep. */
export type SweepHead = Pick<SweepRecord, 'psynclab' | 'sweep' | 'profiles'> & {
  /** What each scenario is called, by its number. */
  readonly names: readonly string[];
};

export function recordOf(
  tally: SweepTally,
  { names, ...head }: SweepHead,
  repeat: (scenario: number, seed: number) => string[],
): SweepRecord {
  return {
    format: SWEEP_FORMAT,
    ...head,
    scenarios: names.map((name, i) => ({ name, played: [...tally.played[i]!.spans] })),
    runs: tally.runs,
    watched: tally.watched,
    failed: tally.failed,
    events: tally.events,
    failures: tally.failures.map(({ scenario, ...failure }) => ({
      scenario: names[scenario]!,
      ...failure,
      repeat: repeat(scenario, failure.seed),
    })),
    reached: Object.fromEntries([...tally.reached].sort(([a], [b]) => (a < b ? -1 : 1))),
    contradictions: tally.contradictions.map(({ scenario, seed, hashes }) => ({
      scenario: names[scenario]!,
      seed,
      hashes: [...hashes],
    })),
  };
}

/** Counts what a record says as if it had been played; of the scenarios it knows those that the tally has too. */
export function addRecord(tally: SweepTally, record: SweepRecord): void {
  const numberOf = new Map(record.scenarios.map(({ name }, i) => [name, i]));
  tally.runs += record.runs;
  tally.watched += record.watched;
  tally.failed += record.failed;
  tally.events += record.events;
  record.scenarios.forEach(({ played }, i) => {
    for (const seeds of played) tally.played[i]!.add(seeds);
  });
  for (const [key, seeds] of Object.entries(record.reached)) tally.addReached(key, seeds);
  for (const { scenario, repeat: _, ...failure } of record.failures) {
    tally.addFailure({ scenario: numberOf.get(scenario)!, ...failure });
  }
  for (const { scenario, ...found } of record.contradictions) {
    tally.contradictions.push({ scenario: numberOf.get(scenario)!, ...found });
  }
}

/** Reads the text of a record; a text that says what is wrong where it is none. */
export function parseRecord(text: string): SweepRecord | string {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    return 'is no JSON';
  }
  const parsed = recordShape.safeParse(data);
  if (!parsed.success) return 'is no record of a sweep';
  const names = new Set(parsed.data.scenarios.map(({ name }) => name));
  const { failures, contradictions } = parsed.data;
  const isWhole = [...failures, ...contradictions].every(({ scenario }) => names.has(scenario));
  return isWhole ? parsed.data : 'is no record of a sweep';
}

/** Joins the records of parts of one sweep; a text that says why they cannot be joined. */
export function mergeRecords(records: readonly SweepRecord[]): SweepRecord | string {
  const first = records[0]!;
  const tally = new SweepTally(first.scenarios.length);
  const repeats = new Map<string, string[]>();
  for (const record of records) {
    if (record.psynclab !== first.psynclab) return 'they are of different versions of psynclab';
    if (record.sweep !== first.sweep) return 'they are of different scenarios, or of changed ones';
    for (const [i, { name, played }] of record.scenarios.entries()) {
      const twice = tally.played[i]!.shared(new SeedSet(played));
      if (twice !== null) return `seed ${twice} of ${name} is in two of them`;
    }
    for (const { scenario, seed, repeat } of record.failures) repeats.set(`${scenario} ${seed}`, repeat);
    addRecord(tally, record);
  }
  const names = first.scenarios.map(({ name }) => name);
  const { psynclab, sweep, profiles } = first;
  return recordOf(
    tally,
    { psynclab, sweep, profiles, names },
    (scenario, seed) => repeats.get(`${names[scenario]} ${seed}`)!,
  );
}
