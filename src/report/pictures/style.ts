/**
 * How offset pictures look. The rules speak of custom properties only, so that a page can bring its own colours; a
 * picture that stands alone brings these, light and dark.
 */
export const OFFSET_RULES = `
.op{font:12px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;font-variant-numeric:tabular-nums}
.op text{fill:var(--op-ink);stroke:var(--op-ground);stroke-width:4px;stroke-linejoin:round;paint-order:stroke}
.op .op-in{stroke:none;font-weight:600}
.op .op-head{font-size:14px;font-weight:600}
.op .op-name{font-size:14px;font-weight:600}
.op .op-role,.op .op-note,.op .op-number,.op .op-legend,.op .op-axis-name{fill:var(--op-faint)}
.op .op-role{font-size:11px}
.op .op-number{fill:var(--op-ink)}
.op .op-fence-label,.op .op-request{font-weight:600}
.op .op-good,.op .op-sent{fill:var(--op-good);font-weight:600}
.op .op-bad,.op .op-missing{fill:var(--op-bad);font-weight:600}
.op .op-ground{fill:var(--op-ground)}
.op .op-track,.op .op-axis{stroke:var(--op-line);fill:none}
.op .op-edge{stroke:var(--op-ink);stroke-opacity:.55;fill:none}
.op .op-pattern{stroke:var(--op-ink);fill:none;stroke-opacity:.3}
.op .op-fence{stroke:var(--op-ink);stroke-width:2.5px}
.op .op-tick{fill:var(--op-ink)}
.op .op-fold{fill:var(--op-ground);stroke:none}
.op .op-fold-edge{stroke:var(--op-ink);stroke-opacity:.7;fill:none}
.op .op-span-sent{fill:none;stroke:var(--op-good);stroke-width:2.5px}
.op .op-span-missing{fill:var(--op-bad);fill-opacity:.14;stroke:var(--op-bad);stroke-width:1.5px;stroke-dasharray:4 3}
.op .op-arrow{stroke:var(--op-ink);stroke-width:2px;fill:none}
.op .op-arrow-good{stroke:var(--op-good)}
.op .op-arrow-bad{stroke:var(--op-bad)}
.op .op-tip{fill:var(--op-ink)}
.op .op-tip-good{fill:var(--op-good)}
.op .op-tip-bad{fill:var(--op-bad)}
${Array.from({ length: 8 }, (_, slot) => `.op .op-h${slot}{fill:var(--op-h${slot})}`).join('\n')}
`.trim();

const LIGHT = {
  ground: '#ffffff',
  ink: '#1f2328',
  faint: '#59636e',
  line: '#c4cad1',
  good: '#116329',
  bad: '#b3261e',
  histories: ['#9ecae9', '#ffbf79', '#9fd99a', '#d3b1e0', '#f2d675', '#8fd0cb', '#f7b0ab', '#cdc5bf'],
};

const DARK: typeof LIGHT = {
  ground: '#0d1117',
  ink: '#f0f3f6',
  faint: '#9aa4af',
  line: '#3d444d',
  good: '#4ac26b',
  bad: '#ff8078',
  histories: ['#1f5d94', '#95500f', '#2b6e2a', '#6c4791', '#7b6408', '#176e6b', '#96403f', '#5c5650'],
};

function properties({ histories, ...colours }: typeof LIGHT): string {
  const all = [
    ...Object.entries(colours).map(([name, value]) => `--op-${name}:${value}`),
    ...histories.map((value, slot) => `--op-h${slot}:${value}`),
  ];
  return `.op{${all.join(';')}}`;
}

/** The colours of a picture that stands alone; it brings its own ground, so that it can be read on any. */
export const OFFSET_COLOURS = `${properties(LIGHT)}
@media (prefers-color-scheme:dark){${properties(DARK)}}`;

/** What a picture that stands alone needs. */
export const OFFSET_STYLE = `${OFFSET_COLOURS}\n${OFFSET_RULES}`;
