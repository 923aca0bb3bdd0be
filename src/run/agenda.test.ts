import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Agenda } from './agenda.ts';

test('what is due comes by time, then by order, then as it was added', () => {
  const entry = fc.record({ time: fc.nat(5), order: fc.nat(3) });
  fc.assert(
    fc.property(fc.array(entry), (entries) => {
      const agenda = new Agenda();
      const items = entries.map((item, added) => ({ ...item, added, act: () => {} }));
      for (const item of items) agenda.add(item);
      const sorted = [...items].sort((a, b) => a.time - b.time || a.order - b.order || a.added - b.added);
      expect(agenda.earliest).toBe(sorted[0]?.time ?? Number.POSITIVE_INFINITY);
      expect(items.map(() => agenda.take())).toEqual(sorted);
      expect(agenda.take()).toBeUndefined();
    }),
  );
});
