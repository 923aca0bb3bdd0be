import { existsSync, readFileSync } from 'node:fs';

/** The page's script and style, as `npm run build` made them. */
export interface Assets {
  readonly script: string;
  readonly style: string;
}

let read: Assets | undefined;

/** They lie beside this module in dist/; where the sources themselves are run, in the dist/ of the checkout. */
export function builtAssets(): Assets {
  read ??= { script: asset('viewer.js'), style: asset('viewer-style.css') };
  return read;
}

function asset(name: string): string {
  const places = [
    new URL(name, import.meta.url),
    new URL(`../../../dist/src/report/html/${name}`, import.meta.url),
  ];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new Error(`${name} was not built: npm run build makes it`);
  // The browser hashes what the parser hands it, and that has no carriage returns.
  return readFileSync(found, 'utf8').replaceAll('\r\n', '\n').trim();
}
