import { describe, expect, test } from 'vitest';
import { atTheFence } from '../../report/pictures/pictures.test-helper.ts';
import { handDecision, handTrace } from '../../trace/trace.test-helper.ts';
import { fenceText } from './fence.ts';

describe('the fence in words', () => {
  const words = (offset: number): string => {
    const { trace, decision } = atTheFence(offset);
    return fenceText(trace, decision)!;
  };

  test('says what one byte more would have done where the request lies exactly at it', () => {
    expect(words(9981)).toContain('wants exactly byte 9981. With one byte more');
    expect(words(9981)).toContain('second_replid_offset');
  });

  test('says how many bytes lie beyond it, or how far before it the request lies', () => {
    expect(words(9982)).toContain('already has 1 of');
    expect(words(9971)).toContain('wants byte 9971, 10 before the fence.');
  });

  test('is silent where the second id was not asked for', () => {
    expect(fenceText(handTrace(), handDecision())).toBeNull();
  });
});
