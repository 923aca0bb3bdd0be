// Makes the tables of docs/language.md anew, and the schema for editors: keys, names and what each means stand in the
// code. src/documents/language.test.ts fails while they are stale.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { renewLanguage } from '../dist/src/documents/language.js';
import { scenarioJsonSchema } from '../dist/src/scenario/schema.js';

const root = fileURLToPath(new URL('..', import.meta.url));

function renew(path, make) {
  const file = new URL(`../${path}`, import.meta.url);
  const before = readFileSync(file, 'utf8');
  const after = make(before);
  if (after !== before) writeFileSync(file, after);
  console.log(`language: ${path} ${after === before ? 'is current' : 'renewed'}`);
}

renew('docs/language.md', (document) => renewLanguage(document, root));
renew('schema/scenario.schema.json', () => `${JSON.stringify(scenarioJsonSchema(), null, 2)}\n`);
