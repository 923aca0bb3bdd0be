import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unpackTrace } from '../../trace/pack.ts';
import { handTrace } from '../../trace/trace.test-helper.ts';
import { escapeXml } from '../pictures/xml.ts';
import { ATTACK, hostileTrace } from './hostile.test-helper.ts';
import { renderPage } from './page.ts';

const between = (html: string, from: RegExp, to: string): string => {
  const start = from.exec(html)!;
  const begin = start.index + start[0].length;
  return html.slice(begin, html.indexOf(to, begin));
};
const scriptOf = (html: string): string => between(html, /<script>/, '</script>');
const styleOf = (html: string): string => between(html, /<style>/, '</style>');
const sha256 = (text: string): string => createHash('sha256').update(text).digest('base64');

describe('the page of a run', () => {
  test('has the same bytes for the same trace, and nothing of today in it', () => {
    expect(renderPage(handTrace())).toBe(renderPage(handTrace()));
    expect(renderPage(handTrace())).not.toMatch(new RegExp(`\\b${new Date().getFullYear()}-\\d\\d-\\d\\d`));
  });

  test('lets only its own script and style run', () => {
    const html = renderPage(handTrace());
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${sha256(scriptOf(html))}'`);
    expect(policy).toContain(`style-src 'sha256-${sha256(styleOf(html))}'`);
    expect(policy).not.toContain('unsafe');
  });

  test('names no other file and no address', () => {
    const html = renderPage(handTrace());
    expect(html).not.toMatch(/<(link|img|iframe|object|embed|base)\b/i);
    expect(html).not.toMatch(/\b(src|href)=["'](?!data:)/i);
    expect(styleOf(html)).not.toMatch(/@import|url\((?!#)/);
  });

  test('carries the whole trace', () => {
    const data = between(renderPage(handTrace()), /id="trace">/, '</script>');
    expect(data).toMatch(/^[A-Za-z0-9+/=]+$/);
    expect(unpackTrace(gunzipSync(Buffer.from(data, 'base64')).toString('utf8'))).toEqual(handTrace());
  });

  test('tells the story of the decisions without any script', () => {
    const story = between(renderPage(handTrace()), /<noscript>/, '</noscript>');
    for (const text of [
      '2 expectations and every invariant held',
      'npx psynclab run scenarios/03-backlog/by-hand.yaml --seed 1',
      '501 bytes had been overwritten',
      '✗ offset is not before the backlog: 51 &gt;= 552 (masterTryPartialResynchronization',
      'partial/replid: A.repl-backlog-size of at least 2001 bytes',
      'Replica 10.0.0.2:6379 asks for synchronization',
    ]) {
      expect(story).toContain(text);
    }
  });

  test('is not broken by any text of a scenario', () => {
    const html = renderPage(hostileTrace());
    const plain = renderPage(handTrace());
    const tags = (text: string): number =>
      [...text.matchAll(/<\/?(script|style|noscript|title|img|svg)\b/gi)].length;
    const outside = (text: string): string => text.replace(scriptOf(text), '');
    expect(tags(outside(html))).toBe(tags(outside(plain)));
    expect(html).not.toContain('<img');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there.
    expect(outside(html)).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e\u2028]/);
  });

  test('is refused where the built script would end its own element', () => {
    const bad = { script: 'x = "</script>"', style: '' };
    expect(() => renderPage(handTrace(), bad)).toThrow('end its own element');
  });
});

test('escaped text holds nothing that HTML would take for its own', () => {
  expect(escapeXml(`<a b="c" d='e'>&amp;\n`)).toBe('&lt;a b=&quot;c&quot; d=&#39;e&#39;&gt;&amp;amp;\\n');
  expect(escapeXml(ATTACK)).not.toMatch(/[<>"']/);
});
