import { describe, expect, test } from 'vitest';
import { handTrace } from '../../trace/trace.test-helper.ts';
import { SLOTS } from './history-slots.ts';
import { layOut } from './layout.ts';
import { HISTORY_PATTERNS } from './patterns.ts';
import { atTheEdge, atTheFence } from './pictures.test-helper.ts';
import { offsetScene } from './scene.ts';
import { offsetSvg } from './svg.ts';
import { escapeXml } from './xml.ts';

const HOSTILE = "</svg><script>alert(1)</script>\" onload='x' &amp; \u0000\u001b[2J\ud800 \uffff";

const svgOf = ({ trace, decision }: ReturnType<typeof atTheEdge>, standalone = true): string =>
  offsetSvg(layOut(offsetScene(trace, decision.moment, decision)), { id: 'one', standalone });

describe('the markup of an offset picture', () => {
  test('says in a sentence what is to be seen', () => {
    expect(/<desc [^>]*>(.*)<\/desc>/.exec(svgOf(atTheEdge(52)))![1]).toBe(
      '#1 · 3.000 s · B asks A: PSYNC A#1 51. ' +
        'A, master (A#1): bytes 52 to 16435 of A#1 in its backlog. ' +
        'B, replica of A, link down (A#1): bytes 1 to 50 of A#1 in its backlog. ' +
        'C, down: the process is down. ' +
        'The request of B meets: byte 51 is overwritten (1 byte missing). So: full/backlog-overwritten.',
    );
  });

  test('brings its colours for light and dark only where it stands alone', () => {
    expect(svgOf(atTheEdge(52))).toContain('prefers-color-scheme:dark');
    const inPage = svgOf(atTheEdge(52), false);
    expect(inPage).not.toContain('<style>');
    expect(inPage).not.toContain(' style=');
  });

  test('tells histories apart by more than colour', () => {
    const svg = svgOf(atTheFence(9981));
    expect(svg).toContain('url(#one-p');
    expect(svg).toMatch(/>A#1<\/text>/);
    expect(HISTORY_PATTERNS).toHaveLength(SLOTS);
    expect(new Set(HISTORY_PATTERNS).size).toBe(SLOTS);
  });

  test('is the same for the same trace', () => {
    expect(svgOf(atTheFence(9982))).toBe(svgOf(atTheFence(9982)));
  });

  test('holds hostile names as text, short', () => {
    const hostile = handTrace({
      nodes: [`A${HOSTILE}`, `B${'x'.repeat(10_000)}`, 'C'].map((name) => ({ name, profile: 'redis-5.0' })),
    });
    const svg = svgOf({ trace: hostile, decision: hostile.decisions[0]! });
    expect(svg).not.toMatch(/<script/i);
    expect(svg.match(/<\/svg>/g)).toHaveLength(1);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left.
    expect(svg).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
    expect(svg.length).toBeLessThan(60_000);
  });
});

test('text for XML has no sign of its own, and nothing that XML cannot hold', () => {
  expect(escapeXml(`<a href="x" id='y'>&</a>`)).toBe(
    '&lt;a href=&quot;x&quot; id=&#39;y&#39;&gt;&amp;&lt;/a&gt;',
  );
  expect(escapeXml('a\u0000b\nc\ud800d\uffffe😀')).toBe('a\\x00b\\nc\ufffdd\ufffde😀');
});
