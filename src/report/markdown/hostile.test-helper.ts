import { handDecision, handTrace } from '../../trace/trace.test-helper.ts';
import { NO_NODE, type Trace } from '../../trace/trace.ts';

/** Everything that Markdown, HTML, Mermaid, a terminal or a path could obey. */
export const HOSTILE =
  '</script></details>\n\n# big\n```\n~~~\n![x](http://evil/x.png) [y](javascript:alert(1)) <img src=x onerror=alert(1)> ' +
  '| a | b | `c` "q" \'r\' $z$ **s** <!-- %%{init: {}}%% end; loop :wrap: #35; \u0000\u001b[2J\u202e \ud800 漢字 😀';

/** A trace in which every text that a scenario or a run could bring is hostile, and some are long. */
export function hostileTrace(): Trace {
  const plainTrace = handTrace();
  const bad = (text: string): string => `${text}${HOSTILE}`;
  const line = (node: number) => ({ at: 1, node, text: HOSTILE });
  return {
    ...plainTrace,
    run: {
      scenario: bad('a/'),
      name: HOSTILE + 'x'.repeat(10_000),
      about: `${HOSTILE}\n\n- ${HOSTILE}\n\n    ${HOSTILE}`,
      case: HOSTILE,
      seed: HOSTILE,
      profile: HOSTILE,
      repeat: HOSTILE,
    },
    verdict: {
      ok: false,
      expectations: 2,
      failures: [{ kind: HOSTILE, message: HOSTILE, line: 3, at: null }],
    },
    nodes: ['end', HOSTILE, 'x'.repeat(10_000)].map((name) => ({ name, profile: HOSTILE })),
    histories: plainTrace.histories.map((one) => ({ ...one, name: bad(one.name) })),
    texts: plainTrace.texts.map(bad),
    decisions: [
      handDecision({
        reason: HOSTILE,
        asked: HOSTILE,
        rules: [
          {
            rule: HOSTILE,
            left: HOSTILE,
            op: HOSTILE,
            right: HOSTILE,
            holds: true,
            source: 'f',
            section: 's',
          },
        ],
        wire: { request: HOSTILE, reply: HOSTILE },
        replyMeans: HOSTILE,
        effects: [{ at: 1, node: 1, changes: [{ field: HOSTILE, before: HOSTILE, after: HOSTILE }] }],
        causes: [line(NO_NODE), line(1)],
        counterfactuals: [{ change: HOSTILE, decision: HOSTILE }],
        nothing: HOSTILE,
        lines: [line(0), line(1)],
        sync: { ended: HOSTILE, took: 1, rdbBytes: 1 },
      }),
    ],
    final: [{ role: HOSTILE, master_replid: HOSTILE, master_link_status: HOSTILE }, { role: 'slave' }, null],
  };
}
