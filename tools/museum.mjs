// Measures how easily each broken rule of the museum is found, writes docs/museum.md, and checks it.
// `npm run museum NAME...` measures only these and writes nothing.
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { museumDocument } from '../dist/src/museum/document.js';
import { EXHIBITS } from '../dist/src/museum/exhibits.js';
import { measureLesson } from '../dist/src/museum/lesson.js';
import { MOST_SEEDS, median } from '../dist/src/museum/search.js';

const root = new URL('../', import.meta.url);
const wanted = process.argv.slice(2);
const exhibits = EXHIBITS.filter(({ mutant }) => wanted.length === 0 || wanted.includes(mutant));
const needed = await measureAll(exhibits);
const measured = exhibits.map((exhibit, i) => ({
  exhibit,
  needed: needed[i],
  ...measureLesson(exhibit, (path) => readFileSync(new URL(path, root), 'utf8')),
}));
for (const { exhibit, needed, entries, lines } of measured) {
  const counts = needed.map((seeds) => seeds ?? '–').join(' ');
  console.log(
    `${exhibit.mutant.padEnd(30)} ${exhibit.invariant.padEnd(22)} ${exhibit.hunt.padEnd(24)} ` +
      `median ${String(median(needed) ?? '–').padStart(4)}  (${counts})  ${entries} entries, ${lines} lines`,
  );
}
if (wanted.length === 0) writeFileSync(new URL('docs/museum.md', root), museumDocument(measured));

const lost = measured.filter(({ needed }) => needed.includes(null)).map(({ exhibit }) => exhibit.mutant);
const easy = measured.filter(({ needed }) => (median(needed) ?? MOST_SEEDS) < 200).length;
console.log(`museum: ${measured.length} exhibits, ${easy} of them with a median under 200 seeds`);
if (lost.length > 0) {
  console.log(`museum: not found within ${MOST_SEEDS} seeds: ${lost.join(', ')}`);
  process.exitCode = 1;
}

/** The searches of all exhibits, on all cores; each thread takes the next one as soon as it is done. */
async function measureAll(exhibits) {
  const results = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(availableParallelism(), exhibits.length) }, async () => {
      const worker = new Worker(new URL('museum-worker.mjs', import.meta.url));
      while (next < exhibits.length) {
        const index = next++;
        worker.postMessage(exhibits[index]);
        [results[index]] = await once(worker, 'message');
      }
      await worker.terminate();
    }),
  );
  return results;
}
