import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { SeedOutcome } from '../sweep/outcome.ts';
import type { Chunk } from '../sweep/plan.ts';
import type { Source } from './files.ts';

/** What every thread of a sweep is started with. */
export interface SweepJob {
  readonly sources: readonly Source[];
  readonly set: readonly string[];
  readonly profile: string | undefined;
  readonly mutants: readonly string[];
  readonly cases: readonly string[];
  readonly cwd: string;
  readonly maxEvents: number | undefined;
  /** Every how many-eth seed is watched. */
  readonly watchEvery: number;
}

/** Threads that play chunks of seeds, each the next one as soon as it is done with the last. */
export class SweepPool {
  readonly #workers: readonly Worker[];

  constructor(job: SweepJob, threads: number) {
    this.#workers = Array.from({ length: threads }, () => new Worker(workerFile(), { workerData: job }));
  }

  /**
   * Plays the chunks until there are no more or `goOn` says no; then those under way are finished. Rejects with
   * what a thread threw.
   */
  async play(
    chunks: Iterator<Chunk>,
    done: (outcomes: readonly SeedOutcome[]) => void,
    goOn: () => boolean,
  ): Promise<void> {
    await Promise.all(
      this.#workers.map(
        (worker) =>
          new Promise<void>((resolve, reject) => {
            const next = (): void => {
              const chunk = goOn() ? chunks.next() : { done: true as const, value: undefined };
              if (chunk.done === true) resolve();
              else worker.postMessage(chunk.value);
            };
            worker.on('error', reject);
            worker.on('exit', () => resolve());
            worker.on('message', (outcomes: readonly SeedOutcome[]) => {
              done(outcomes);
              next();
            });
            next();
          }),
      ),
    );
  }

  async end(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }
}

/** A thread runs compiled code: beside this module in dist/, or in the dist/ of the checkout whose sources run. */
function workerFile(): URL {
  const beside = new URL('./sweep-worker.js', import.meta.url);
  return existsSync(beside) ? beside : new URL('../../dist/src/cli/sweep-worker.js', import.meta.url);
}
