import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { type CommandTemplate, commandTemplate } from './command-template.ts';
import { isWrong } from './problems.ts';

function template(...args: string[]): CommandTemplate {
  const made = commandTemplate(args.join(' '), args);
  if (isWrong(made)) throw new Error(made.message);
  return made;
}

describe('a command template', () => {
  it('gives the same command each time where nothing counts', () => {
    const fixed = template('SET', 'k', '{bytes:3}');
    expect(fixed.render(0).argv).toEqual(['SET', 'k', 'xxx']);
    expect(fixed.render(1)).toBe(fixed.render(0));
  });

  it('counts with {n} and wraps with {n%K}, also twice in one argument', () => {
    const counting = template('SET', 'k:{n%3}:{n}', 'v{n}');
    expect(counting.render(7).argv).toEqual(['SET', 'k:1:7', 'v7']);
  });

  it('says the length of what it renders', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 99 }), (n, modulus) => {
        const command = template('SET', `k{n%${modulus}}`, '{n}{bytes:10}').render(n);
        expect(command.argv).toEqual(['SET', `k${n % modulus}`, `${n}${'x'.repeat(10)}`]);
        expect(command.length).toBe(command.text().length);
      }),
    );
  });

  it('leaves other braces alone', () => {
    const others = ['{user}.x', '{m}', '{"byte":1}', '{byte}', '{size:10}'];
    expect(template('SET', ...others).render(0).argv).toEqual(['SET', ...others]);
  });

  it('takes sizes for {bytes:K}', () => {
    expect(template('SET', 'k', '{bytes:1kb}').render(0).argv[2]).toHaveLength(1024);
  });

  test.each(['{bytes:}', '{bytes:12x}', '{bytes:200mb}', '{n%0}', '{byte:100}', 'a{Bytes:1}'])(
    'refuses %s',
    (placeholder) => {
      expect(isWrong(commandTemplate('', ['SET', 'k', placeholder]))).toBe(true);
    },
  );
});
