import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellCode, code, codeBlock, plain, prose } from './escape.ts';

describe('a text within a line', () => {
  test('loses no sign and means none of them', () => {
    expect(plain('*a* _b_ `c` [d](e) <f> |g| ~~h~~ $i$ \\j')).toBe(
      '\\*a\\* \\_b\\_ \\`c\\` \\[d\\](e) &lt;f\\> \\|g\\| \\~\\~h\\~\\~ \\$i\\$ \\\\j',
    );
  });

  test('leaves a low line within a word alone, as Markdown does', () => {
    expect(plain('repl_backlog_off')).toBe('repl_backlog_off');
  });

  test('is no link, not even one that GitHub would make of an address', () => {
    expect(plain('http://a.b www.a.b a@b.c')).toBe('http:\\//a.b www\\.a.b a\\@b.c');
  });

  test('starts no heading, list, rule or quote', () => {
    expect(
      ['# a', '- a', '+ a', '1. a', '12) a', '> a', '=== a', '--- a'].map((text) => plain(text)),
    ).toEqual(['\\# a', '\\- a', '\\+ a', '1\\. a', '12\\) a', '\\> a', '\\=== a', '\\--- a']);
  });

  test('is one line without a control character, and no entity', () => {
    expect(plain('a\n\n# b\u001b[2J &lt; &#60; &')).toBe('a\\\\n\\\\n# b\\\\x1b\\[2J &amp;lt; &amp;#60; &');
  });

  test('has no sign left that opens something, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bare = plain(text).replace(/\\[\\`*[\]>|~$_#+=.)@/-]/g, '');
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be left.
        expect(bare).not.toMatch(/[`*[\]<>|~$\\\u0000-\u001f]/);
      }),
    );
  });
});

describe('code', () => {
  test('is fenced by more backticks than it has in a row', () => {
    expect(code('a')).toBe('`a`');
    expect(code('a `` b ` c')).toBe('```a `` b ` c```');
    expect(code('`a')).toBe('`` `a ``');
    expect(codeBlock(['a', '````', '</details>'])).toEqual(['`````text', 'a', '````', '</details>', '`````']);
  });

  test('stays in its cell of a table', () => {
    expect(cellCode('a | b')).toBe('`a \\| b`');
  });

  test('of nothing is nothing', () => {
    expect(code(' ')).toBe('');
  });

  test('has no line that ends its block, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: fc.constantFrom('`', '~', 'a', '\n', ' ') })), (lines) => {
        const block = codeBlock(lines);
        const fence = block.at(-1)!;
        expect(block.slice(1, -1).every((line) => !line.includes(fence) && !line.includes('\n'))).toBe(true);
      }),
    );
  });
});

describe('what a scenario says of itself', () => {
  test('keeps its paragraphs, lists, code and emphasis', () => {
    const about = 'A *is* cut **off**.\n\n- `one` thing\n- two\n\nThe `PSYNC <id>\n1` comes.\n';
    expect(prose(about)).toEqual([
      'A *is* cut **off**.',
      '',
      '- `one` thing',
      '- two',
      '',
      'The `PSYNC <id> 1` comes.',
    ]);
  });

  test('makes no heading, link, image, quote, table, rule, block or HTML of its own', () => {
    const about = [
      '# big',
      '[x](javascript:alert(1)) ![y](http://z)',
      '> quote',
      '| a | b |\n|---|---|',
      'text\n===',
      '* * *',
      '- - -',
      '```\nopen',
      '<script>alert(1)</script> <!-- <details>',
      '    indented',
      '&lt;b&gt; \u0000 \u202e',
      '$x$ ~~y~~',
    ];
    const text = prose(about.join('\n\n'))
      .map((line) => line.replace(/`[^`]*`/g, ''))
      .join('\n');
    expect(text).not.toMatch(/^(#|>|\||=|- -|```| {4}|\*)/m);
    expect(text).not.toMatch(/(?<!\\)[[\]<~$|]/);
    expect(text).toContain('&amp;lt;b&amp;gt; \\\\x00 \\\\u{202e}');
  });
});
