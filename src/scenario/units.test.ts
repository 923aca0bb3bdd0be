import * as fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { isWrong } from './problems.ts';
import { parseBandwidth, parseDuration, parsePercent, parseRate, parseSize } from './units.ts';

const MICROS = { us: 1, ms: 1_000, s: 1_000_000, m: 60_000_000, h: 3_600_000_000 };

describe('durations', () => {
  test.each([
    ['250ms', 250_000],
    ['1.5s', 1_500_000],
    ['0.1ms', 100],
    ['0s', 0],
    ['2m', 120_000_000],
    ['0.5h', 1_800_000_000],
    ['007us', 7],
    ['1.50000000s', 1_500_000],
  ])('%s is %d microseconds', (text, micros) => {
    expect(parseDuration(text)).toBe(micros);
  });

  it('are exact for whole numbers and thousandths of every unit', () => {
    const unit = fc.constantFrom(...(Object.keys(MICROS) as (keyof typeof MICROS)[]));
    fc.assert(
      fc.property(fc.nat(100_000), fc.nat(999), unit, (whole, thousandths, name) => {
        const text = `${whole}.${String(thousandths).padStart(3, '0')}${name}`;
        const total = (BigInt(whole) * 1000n + BigInt(thousandths)) * BigInt(MICROS[name]);
        const parsed = parseDuration(text);
        if (total % 1000n === 0n) expect(parsed).toBe(Number(total / 1000n));
        else expect(isWrong(parsed)).toBe(true);
      }),
    );
  });

  test.each(['5', '5sec', '1m30s', 's', '', '.5s', '1e3s', '-1s', '0.5us', '1 s', '99999999999h', '5S'])(
    '%s is none',
    (text) => {
      expect(isWrong(parseDuration(text))).toBe(true);
    },
  );

  it('may be negative only where a sign is wanted', () => {
    expect(parseDuration('-300ms', true)).toBe(-300_000);
    expect(isWrong(parseDuration('-300ms'))).toBe(true);
  });

  it('say which unit is missing', () => {
    expect(parseDuration('60')).toMatchObject({ message: '"60" has no unit' });
  });
});

describe('sizes', () => {
  test.each([
    ['16kb', 16_384],
    ['1k', 1_000],
    ['4MB', 4_194_304],
    ['2g', 2_000_000_000],
    ['1gb', 1_073_741_824],
    ['100', 100],
    ['7b', 7],
  ])('%s is %d bytes as in redis.conf', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each(['1.5mb', '-1', 'kb', '16 kb', '1tb', '', '1constructor', '999999999999gb'])(
    '%s is none',
    (text) => {
      expect(isWrong(parseSize(text))).toBe(true);
    },
  );
});

describe('rates', () => {
  it('are sizes a second', () => {
    expect(parseRate('200mb/s')).toBe(209_715_200);
    expect(isWrong(parseRate('200mb'))).toBe(true);
    expect(isWrong(parseRate('0/s'))).toBe(true);
  });

  it('of links may be in bits', () => {
    expect(parseBandwidth('10gbps')).toBe(1_250_000_000);
    expect(parseBandwidth('1.5mbps')).toBe(187_500);
    expect(parseBandwidth('64kbps')).toBe(8_000);
    expect(parseBandwidth('1mb/s')).toBe(1_048_576);
    expect(isWrong(parseBandwidth('0mbps'))).toBe(true);
    expect(isWrong(parseBandwidth('10gb'))).toBe(true);
  });
});

it('percentages are probabilities up to all', () => {
  expect(parsePercent('20%')).toBe(0.2);
  expect(parsePercent('0.5%')).toBe(0.005);
  expect(isWrong(parsePercent('101%'))).toBe(true);
  expect(isWrong(parsePercent('0.2'))).toBe(true);
});
