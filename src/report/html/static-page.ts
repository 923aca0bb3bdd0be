import { escapeXml } from '../pictures/xml.ts';
import { sourceHash } from './source-hash.ts';

/** What the pages without a script have in common; what is shown on one of them comes with it. */
export const STATIC_STYLE = `
:root{color-scheme:light dark;--ground:light-dark(#fff,#0d1117);--ink:light-dark(#1f2328,#f0f3f6);
--faint:light-dark(#59636e,#9aa4af);--line:light-dark(#d1d9e0,#3d444d);--panel:light-dark(#f6f8fa,#151b23);
--good:light-dark(#116329,#4ac26b);--bad:light-dark(#b3261e,#ff8078)}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1200px;margin:0 auto;padding:24px 20px 64px}
h1{font-size:26px;line-height:1.25;margin:0 0 8px;text-wrap:balance;overflow-wrap:anywhere}
h2{font-size:18px;margin:40px 0 12px}
h3{font-size:15px;margin:0 0 8px}
p{margin:0 0 8px}
.lead{font-size:17px;max-width:70ch}
.faint{color:var(--faint)}
code{font:13px/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
.good{color:var(--good);font-weight:600}
.bad{color:var(--bad);font-weight:600}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid var(--ink);outline-offset:2px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:5px 12px 5px 0;border-bottom:1px solid var(--line);overflow-wrap:anywhere}
thead th{color:var(--faint);font-weight:600}
tbody th{font-weight:400}
td.at{white-space:nowrap;color:var(--faint)}
footer{margin-top:48px;color:var(--faint)}
@media (max-width:760px){main{padding:16px 14px 48px}h1{font-size:22px}}
@media print{main{max-width:none;padding:0}tr{break-inside:avoid}}
`.trim();

export interface StaticPage {
  /** Of the window; it is escaped here. */
  readonly title: string;
  readonly style: string;
  /** Markup, all that is the run's own escaped in it. */
  readonly main: string;
}

/** One HTML file without a script, that needs no other file and asks nobody for anything. */
export function staticPage({ title, style, main }: StaticPage): string {
  const policy = `default-src 'none'; style-src '${sourceHash(style)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeXml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;
}
