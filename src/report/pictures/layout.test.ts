import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { A1, B1, backlogFields, C1, handTrace, upFields } from '../../trace/trace.test-helper.ts';
import { NO_NODE } from '../../trace/trace.ts';
import { NARROWEST } from './axis.ts';
import { layOut, type OffsetLayout } from './layout.ts';
import { atTheEdge, atTheFence, type Shown, shown } from './pictures.test-helper.ts';
import { offsetScene } from './scene.ts';

const picture = ({ trace, decision }: Shown, hideAnswer = false): OffsetLayout =>
  layOut(offsetScene(trace, decision.moment, decision, { hideAnswer }));

const labels = (layout: OffsetLayout, row: number): string[] =>
  [...layout.rows[row]!.above, ...layout.rows[row]!.below].map(({ text }) => text);

describe('a request lands where its byte is', () => {
  test('on the first byte of the backlog, if that is the byte wanted', () => {
    const layout = picture(atTheEdge(51));
    expect(layout.arrow!.x).toBe(layout.rows[0]!.bar!.left);
    expect(layout.rows[0]!.span).toMatchObject({ kind: 'sent', left: layout.arrow!.x });
    expect(labels(layout, 0)).toEqual(['16384 bytes sent', '51', '16434', '✓ it is there']);
  });

  test.each([0, 1_048_576])(
    'outside, and visibly so, if a single byte is missing; offsets from %i',
    (base) => {
      const layout = picture(atTheEdge(52, base));
      const { bar, span } = layout.rows[0]!;
      expect(bar!.left - layout.arrow!.x).toBe(NARROWEST);
      expect(span).toEqual({ kind: 'missing', left: layout.arrow!.x, right: bar!.left });
      expect(labels(layout, 0)).toContain('1 byte missing');
      expect(labels(layout, 0)).toContain(`✗ byte ${base + 51} is overwritten`);
    },
  );

  test('leaves the replica at the end of what it has', () => {
    const layout = picture(atTheEdge(52));
    expect(layout.arrow!.x).toBe(layout.rows[1]!.bar!.right);
    expect(labels(layout, 1)).toContain('1 to 50');
  });

  test('at the end of the backlog, if nothing was missed', () => {
    const layout = picture(
      shown(
        [
          upFields(A1, backlogFields(1, 501)),
          upFields(A1, { masterhost: 'A', repl_state: 'CONNECT', ...backlogFields(1, 501) }),
        ],
        {
          outcome: 'partial',
          reason: 'replid',
          offset: 501,
          backlog: { first: 1, next: 501 },
          missingBytes: 0,
        },
      ),
    );
    expect(layout.arrow!.x).toBe(layout.rows[0]!.bar!.right);
    expect(layout.rows[0]!.span).toBeNull();
    expect(labels(layout, 0)).toContain('✓ nothing was missed');
  });

  test('beyond it, if the replica is ahead', () => {
    const layout = picture(
      shown(
        [upFields(A1, backlogFields(1, 500)), upFields(A1, { masterhost: 'A', ...backlogFields(1, 521) })],
        { reason: 'offset-ahead', offset: 521, backlog: { first: 1, next: 500 }, missingBytes: 21 },
      ),
    );
    const { bar, span } = layout.rows[0]!;
    expect(layout.arrow!.x).toBeGreaterThan(bar!.right);
    expect(span).toMatchObject({ kind: 'missing', left: bar!.right, right: layout.arrow!.x });
    expect(labels(layout, 0)).toContain('21 bytes ahead');
  });
});

test('a request lands in the bar where its byte is held or comes next, and visibly outside else', () => {
  const numbers = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 2 ** 40 }));
  fc.assert(
    fc.property(numbers, fc.nat({ max: 100_000 }), numbers, (first, length, offset) => {
      const next = first + length;
      const held = { first, next };
      const layout = picture(
        shown(
          [
            upFields(A1, backlogFields(first, next)),
            upFields(A1, { masterhost: 'A', repl_state: 'CONNECT', ...backlogFields(1, offset) }),
          ],
          { reason: 'replid-mismatch', offset, backlog: held, missingBytes: 0 },
        ),
      );
      const bar = layout.rows[0]!.bar!;
      const { x } = layout.arrow!;
      if (offset < first) expect(bar.left - x).toBeGreaterThan(NARROWEST - 0.01);
      else if (offset > next) expect(x - bar.right).toBeGreaterThan(NARROWEST - 0.01);
      else expect(x >= bar.left - 0.01 && x <= bar.right + 0.01).toBe(true);
    }),
  );
});

describe('a fence', () => {
  test('divides the bar: before it the former history, from it on the present one', () => {
    const { rows } = picture(atTheFence(9981));
    const [former, present] = rows[1]!.segments;
    expect([former!.history.name, present!.history.name]).toEqual(['A#1', 'C#2']);
    expect([former!.right, present!.left]).toEqual([rows[1]!.fence, rows[1]!.fence]);
    expect(former!.history).toEqual(rows[0]!.segments[0]!.history);
  });

  test('is met by a request for the byte it stands before', () => {
    const layout = picture(atTheFence(9981));
    expect(layout.arrow!.x).toBe(layout.rows[1]!.fence);
    expect(layout.arrow!.good).toBe(true);
  });

  test('is missed by one byte, and that can be seen', () => {
    const layout = picture(atTheFence(9982));
    expect(layout.arrow!.x - layout.rows[1]!.fence!).toBe(NARROWEST);
    expect(labels(layout, 1)).toEqual(
      expect.arrayContaining(['1 byte too far', '✗ beyond the fence', 'fence 9981']),
    );
  });

  test('outside the backlog divides nothing', () => {
    const fenced = (fence: number) =>
      layOut(
        offsetScene(
          shown([upFields(B1, { replid2: A1, second_replid_offset: fence, ...backlogFields(100, 200) })], {})
            .trace,
          0,
          null,
        ),
      ).rows[0]!;
    expect(fenced(50).segments.map(({ history }) => history.name)).toEqual(['B#1']);
    expect(fenced(50).fence).toBeLessThan(fenced(50).bar!.left);
    expect(fenced(200).segments.map(({ history }) => history.name)).toEqual(['A#1']);
    expect(fenced(200).fence).toBe(fenced(200).bar!.right);
  });
});

describe('what has no bar says why', () => {
  const nodes = [
    upFields(A1, backlogFields(501, 501)),
    upFields(A1, { masterhost: 'A', repl_state: 'CONNECTED', master_repl_offset: 500 }),
    upFields(C1, { masterhost: 'A', repl_state: 'CONNECT' }),
    { ...upFields(C1), process: 'down' },
  ];
  const { trace } = shown(nodes, {});
  const layout = layOut(offsetScene(trace, 0, null));

  test('an empty backlog, none, none and no byte, a process that is down', () => {
    expect([0, 1, 2, 3].map((row) => labels(layout, row))).toEqual([
      ['empty backlog, its next byte is 501'],
      ['no backlog, A#1 up to byte 500'],
      ['no backlog, no byte of C#1'],
      ['the process is down'],
    ]);
  });

  test('how far it came without a backlog is marked where its next byte stands', () => {
    expect(layout.rows.map(({ tick }) => tick)).toEqual([null, layout.axis.x(501), null, null]);
  });
});

test('a request without an offset comes along the side', () => {
  const { trace } = atTheEdge(51);
  const { decision } = shown([], {
    outcome: 'full',
    reason: 'forced',
    replid: '?',
    offset: -1,
    missingBytes: 0,
  });
  const layout = picture({ trace, decision });
  expect(layout.arrow).toMatchObject({ aside: true, good: false });
  expect(layout.arrow!.x).toBeLessThan(layout.axis.left);
  expect(labels(layout, 1)).toContain('asks for everything: PSYNC ? -1');
});

test('a client that asks has a row of its own, and a node that asks itself has no arrow', () => {
  const { trace, decision } = atTheEdge(51);
  const client = picture({ trace, decision: { ...decision, replica: NO_NODE } });
  expect(client.rows.map(({ row }) => row.name)).toEqual(['A', 'B', 'C', 'a client']);
  expect(client.arrow!.fromY).toBeGreaterThan(client.arrow!.toY);
  expect(picture({ trace, decision: { ...decision, replica: 0 } }).arrow).toBeNull();
});

test('a question gives nothing away', () => {
  const shownAll = atTheEdge(52);
  const layout = picture(shownAll, true);
  expect(layout.scene.verdict).toBeNull();
  expect(layout.arrow!.good).toBeNull();
  expect(layout.rows[0]!.span).toBeNull();
  expect(labels(layout, 0)).toEqual(['52', '16435', '?']);
  expect(layout.arrow!.toY).toBeGreaterThan(picture(shownAll).arrow!.toY);
});

test('a decision is shown with the backlog that it was made with, not with what it made', () => {
  const { trace, decision } = atTheEdge(52);
  const later = layOut(offsetScene(trace, 1, { ...decision, backlog: { first: 60, next: 70 } }));
  expect(labels(later, 0)).toContain('60');
  expect(labels(layOut(offsetScene(trace, 1, { ...decision, backlog: null })), 0)).toContain(
    'no backlog, A#1 up to byte 16435',
  );
});

test('rows and their labels lie under each other', () => {
  for (const layout of [
    picture(atTheEdge(52)),
    picture(atTheFence(9982)),
    layOut(offsetScene(handTrace(), 5, null)),
  ]) {
    const tops = layout.rows.map(({ barTop }) => barTop);
    expect(tops).toEqual([...tops].sort((a, b) => a - b));
    expect(layout.axisY).toBeGreaterThan(tops.at(-1)!);
    expect(layout.height).toBeGreaterThan(layout.legendY);
  }
});
