import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { INVARIANT_NAMES } from '../scenario/invariant-names.ts';

/** What stands in the repository and not in the program: lessons, and what the code says of its invariants. */
export interface Sources {
  readonly invariants: readonly { readonly name: string; readonly about: string }[];
  /** A link to a lesson by its name, from docs/. */
  lesson(name: string): string;
}

/** Where the invariants stand. */
const INVARIANTS = ['sim/invariants', 'src/run'];

/** The sources under the root of a checkout. */
export function sourcesIn(root: string): Sources {
  const lessons = filesBelow(root, 'scenarios', '.yaml');
  const code = INVARIANTS.flatMap((folder) => filesBelow(root, folder, '.ts')).map((file) =>
    readFileSync(join(root, file), 'utf8'),
  );
  return {
    invariants: INVARIANT_NAMES.flatMap((name) => {
      const about = code.map((text) => docOf(name, text)).find((found) => found !== undefined);
      return about === undefined ? [] : [{ name, about }];
    }),
    lesson(name) {
      const file = lessons.find((path) => path.endsWith(`/${name}.yaml`));
      if (file === undefined) throw new Error(`there is no lesson "${name}"`);
      return `[${name}](../${file})`;
    },
  };
}

function filesBelow(root: string, folder: string, ending: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !/\.test(-helper)?\.ts$/.test(name))
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .sort();
}

const DOCUMENTED =
  /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*export (?:const|class) \w+[^=\n{]*[={][^;]*?'([a-z-]+)'/g;

/** What a comment says of the invariant that follows it, without the places where others say the same. */
function docOf(name: string, text: string): string | undefined {
  const found = [...text.matchAll(DOCUMENTED)].find(([, , named]) => named === name);
  if (found === undefined) return undefined;
  const lines = found[1]!.replace(/^\s*\* ?/gm, ' ');
  return lines
    .replace(/\s+/g, ' ')
    .replace(/ ?\([^()]*\b(PROTOCOL|asserted)\b[^()]*\)/g, '')
    .trim();
}
