// Writes docs/coverage.md anew: what the scenarios reach, and what real servers confirmed.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { coverageDocument } from '../dist/src/coverage/document.js';
import { surveyedIn } from '../dist/src/coverage/sources.js';
import { survey } from '../dist/src/coverage/survey.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const found = survey(surveyedIn(root));
writeFileSync(new URL('../docs/coverage.md', import.meta.url), coverageDocument(found));
console.log(`coverage: ${found.simulated.size} reached, ${found.confirmed.size} confirmed by real servers`);
for (const stranger of found.unknown) console.log(`coverage: there is no row for ${stranger}`);
