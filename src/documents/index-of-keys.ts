import { anchorOf, code, markdownTable, type Regions } from './regions.ts';

const HEADING_OR_REGION = /^#+ (.+)$|^<!-- generated: (.+) -->$/gm;
const ROW = /^\| `([a-z_]+)/gm;

/** Every key of the tables with the headings of a document that they stand under, by the alphabet. */
export function indexOfKeys(document: string, tables: Regions): string {
  const places = new Map<string, string[]>();
  let heading = '';
  for (const [, title, region] of document.matchAll(HEADING_OR_REGION)) {
    if (title !== undefined) heading = title;
    const table = region !== undefined && Object.hasOwn(tables, region) ? tables[region]! : '';
    for (const [, key] of table.matchAll(ROW)) {
      const own = places.get(key!) ?? [];
      if (!own.includes(heading)) places.set(key!, [...own, heading]);
    }
  }
  const keys = [...places.keys()].sort();
  return markdownTable(
    ['key', 'stands under'],
    keys.map((key) => [
      code(key),
      places
        .get(key)!
        .map((title) => `[${title}](#${anchorOf(title)})`)
        .join(', '),
    ]),
  );
}
