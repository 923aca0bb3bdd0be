import { STATIC_STYLE } from '../report/html/static-page.ts';
import { OFFSET_STYLE } from '../report/pictures/style.ts';

/** How the page of a comparison looks: what is the left run's has a mark on its left, what is the right one's on its right. */
export const COMPARISON_STYLE = `${STATIC_STYLE}
:root{--left:light-dark(#0b5cad,#79b8ff);--right:light-dark(#8a4600,#ffb46b)}
.pair{display:grid;grid-template-columns:1fr 1fr;gap:16px}
.pair>*{min-width:0;background:var(--panel);border:1px solid var(--line);border-radius:8px;padding:14px 16px}
.left{border-left:4px solid var(--left)!important}
.right{border-right:4px solid var(--right)!important}
.left>h3,.is-left .who{color:var(--left)}
.right>h3,.is-right .who{color:var(--right)}
.turns{background:light-dark(#fff4d6,#3a2f10)}
.turns td,.turns th{font-weight:600}
.same{color:var(--faint)}
svg.op{width:100%;height:auto;display:block;margin:12px 0}
@media (max-width:760px){.pair{grid-template-columns:1fr}}
@media print{.pair>*{break-inside:avoid}}
${OFFSET_STYLE}
`.trim();
