import { catalogues } from './catalogues.ts';
import { indexOfKeys } from './index-of-keys.ts';
import { keyTables } from './key-tables.ts';
import { type Regions, renewRegions } from './regions.ts';
import { sourcesIn } from './sources.ts';

/** Everything of docs/language.md that is made of the code; `root` is that of a checkout. */
export function languageRegions(document: string, root: string): Regions {
  const tables = keyTables();
  return { ...tables, ...catalogues(sourcesIn(root)), 'index of keys': indexOfKeys(document, tables) };
}

/** docs/language.md with its tables made anew. */
export function renewLanguage(document: string, root: string): string {
  return renewRegions(document, languageRegions(document, root));
}
