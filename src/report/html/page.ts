import { gzipSync } from 'node:zlib';
import { packTrace } from '../../trace/pack.ts';
import type { Trace } from '../../trace/trace.ts';
import { OFFSET_RULES } from '../pictures/style.ts';
import { escapeXml } from '../pictures/xml.ts';
import { type Assets, builtAssets } from './assets.ts';
import { plainStory } from './plain-story.ts';
import { sourceHash } from './source-hash.ts';

/** A run as one HTML file that needs no other and asks nobody for anything. The same trace gives the same bytes. */
export function renderPage(trace: Trace, assets: Assets = builtAssets()): string {
  const { script } = assets;
  const style = `${assets.style}\n${OFFSET_RULES}`;
  if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) {
    throw new Error('the viewer would end its own element');
  }
  const title = `${shortened(trace.run.name)} · psynclab`;
  const policy = [
    "default-src 'none'",
    `script-src '${sourceHash(script)}'`,
    `style-src '${sourceHash(style)}'`,
    'img-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="psynclab ${escapeXml(trace.psynclab)}">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<noscript>
${plainStory(trace)}
</noscript>
<script type="application/gzip+base64" id="trace">${packed(trace)}</script>
<script>${script}</script>
</body>
</html>
`;
}

/** Longer titles help nobody. */
const MOST_TITLE = 200;

function shortened(name: string): string {
  return name.length > MOST_TITLE ? `${name.slice(0, MOST_TITLE)}…` : name;
}

function packed(trace: Trace): string {
  const bytes = gzipSync(packTrace(trace), { level: 9 });
  // The header names the system that packed; the same run shall give the same bytes everywhere.
  bytes[9] = 255;
  return bytes.toString('base64');
}
