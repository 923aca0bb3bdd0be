import { entryTable, handDecision, handTrace } from '../../trace/trace.test-helper.ts';
import type { Trace } from '../../trace/trace.ts';

/** What would run as a script if any of it reached the page unescaped. */
const ATTACKS = [
  '</script><script>window.hacked=1</script>',
  '"><img src=x onerror="window.hacked=2">',
  "' onmouseover='window.hacked=3",
  '</noscript></style></title></svg><svg onload=window.hacked=4>',
  '<!--<script>',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: no template of ours, but what one would obey.
  '{{constructor.constructor("window.hacked=5")()}} ${window.hacked=6} javascript:window.hacked=7',
  '\u0000\u0007\u001b[31m\u202egnp.exe\u2028\u2029\u009b31m\ud800',
];
export const ATTACK = ATTACKS.join(' ');
export const LONG = 'a name without an end '.repeat(500);

/** A trace in which every text is hostile. */
export function hostileTrace(): Trace {
  const trace = handTrace();
  const line = { at: 3_000_000, node: 1, text: ATTACK };
  const decision = handDecision();
  return {
    ...trace,
    psynclab: ATTACK,
    run: {
      scenario: ATTACK,
      name: `${ATTACK} ${LONG}`,
      about: `${ATTACK}\n\n\`${ATTACK}\``,
      case: ATTACK,
      seed: ATTACK,
      profile: ATTACK,
      repeat: ATTACK,
    },
    verdict: {
      ok: false,
      expectations: 1,
      failures: [{ kind: ATTACK, message: `${ATTACK} ${LONG}`, line: 1, at: null }],
    },
    nodes: [ATTACK, LONG, 'C'].map((name) => ({ name, profile: ATTACK })),
    histories: trace.histories.map(({ replid }, i) => ({ replid, name: `${ATTACK}#${i}` })),
    ...entryTable([
      { moment: 0, kind: 'note', node: -1, text: ATTACK },
      { moment: 1, kind: 'stream', node: 0, peer: 2, arrival: 2, bytes: 5, text: `${ATTACK} ${LONG}` },
      { moment: 3, kind: 'decision', node: 0, text: ATTACK },
      { moment: 3, kind: 'line', node: 1, text: ATTACK },
    ]),
    states: trace.states.map((fields) => [
      ...fields,
      { field: `slave ${ATTACK} state`, moment: [0], value: [ATTACK] },
      { field: LONG, moment: [1], value: [LONG] },
    ]),
    decisions: [
      {
        ...decision,
        reason: ATTACK,
        asked: ATTACK,
        replid: ATTACK,
        rules: decision.rules.map((rule) => ({
          ...rule,
          rule: ATTACK,
          left: ATTACK,
          source: ATTACK,
          section: ATTACK,
        })),
        wire: { request: ATTACK, reply: ATTACK },
        replyMeans: ATTACK,
        effects: [{ at: 3_000_000, node: 1, changes: [{ field: ATTACK, before: ATTACK, after: LONG }] }],
        causes: [line],
        counterfactuals: [{ change: ATTACK, decision: ATTACK }],
        nothing: ATTACK,
        lines: [line, { ...line, text: LONG }],
        sync: { ended: ATTACK, took: 1, rdbBytes: 1 },
      },
    ],
  };
}
