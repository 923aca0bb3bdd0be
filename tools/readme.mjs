// Plays the examples of README.md and of the documents for users again, and puts what they print in its place; of an
// example shown in part as much as was shown. src/documents/examples.test.ts fails while one is stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isShown, renew } from '../dist/src/documents/examples.js';
import { Newcomer } from '../dist/src/documents/newcomer.js';

const root = new URL('../', import.meta.url);
const program = fileURLToPath(new URL('dist/src/cli/main.js', root));

for (const path of ['README.md', 'docs/first-scenario.md', 'docs/language.md']) {
  const file = new URL(path, root);
  const before = readFileSync(file, 'utf8');
  const newcomer = new Newcomer(program);
  const after = renew(before, newcomer, (example) => {
    if (!isShown(example)) console.log(`readme: ${path}: renewed ${example.command}`);
  });
  newcomer.leave();
  if (after !== before) writeFileSync(file, after);
  else console.log(`readme: ${path} is current`);
}
