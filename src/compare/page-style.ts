import { OFFSET_STYLE } from '../report/pictures/style.ts';

/** How the page of a comparison looks: what is the left run's has a mark on its left, what is the right one's on its right. */
export const COMPARISON_STYLE = `
:root{color-scheme:light dark;--ground:light-dark(#fff,#0d1117);--ink:light-dark(#1f2328,#f0f3f6);
--faint:light-dark(#59636e,#9aa4af);--line:light-dark(#d1d9e0,#3d444d);--panel:light-dark(#f6f8fa,#151b23);
--good:light-dark(#116329,#4ac26b);--bad:light-dark(#b3261e,#ff8078);--left:light-dark(#0b5cad,#79b8ff);
--right:light-dark(#8a4600,#ffb46b)}
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
.pair{display:grid;grid-template-columns:1fr 1fr;gap:16px}
.pair>*{min-width:0;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:14px 16px}
.left{border-left:4px solid var(--left)!important}
.right{border-right:4px solid var(--right)!important}
.left>h3,.is-left .who{color:var(--left)}
.right>h3,.is-right .who{color:var(--right)}
.good{color:var(--good);font-weight:600}
.bad{color:var(--bad);font-weight:600}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid var(--left);outline-offset:2px}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:5px 12px 5px 0;border-bottom:1px solid var(--line)}
thead th{color:var(--faint);font-weight:600}
tbody th{font-weight:400}
td.at{white-space:nowrap;color:var(--faint)}
.turns{background:light-dark(#fff4d6,#3a2f10)}
.turns td,.turns th{font-weight:600}
.same{color:var(--faint)}
svg.op{width:100%;height:auto;display:block;margin:12px 0}
footer{margin-top:48px;color:var(--faint)}
@media (max-width:760px){.pair{grid-template-columns:1fr}main{padding:16px 14px 48px}h1{font-size:22px}}
@media print{main{max-width:none;padding:0}.pair>*,tr{break-inside:avoid}}
${OFFSET_STYLE}
`.trim();
