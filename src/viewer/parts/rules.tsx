import type { TraceDecision, TraceRule } from '../../trace/trace.ts';
import { marginText, sanitizeLine } from '../../trace/words.ts';

interface Props {
  readonly decision: TraceDecision;
  readonly master: string;
}

/** The questions that the master asked itself, in Redis's order, with both values and the answer. */
export function Rules({ decision, master }: Props) {
  const { rules, outcome, reason } = decision;
  const source = rules[0];
  return (
    <table class="rules">
      <caption>
        What {master} asked itself, in Redis’s order
        {source !== undefined && (
          <span class="source">
            <code>{sanitizeLine(source.source)}</code> {sanitizeLine(source.section)}
          </span>
        )}
      </caption>
      <thead class="quiet">
        <tr>
          <th scope="col">answer</th>
          <th scope="col">question</th>
          <th scope="col">values</th>
          <th scope="col">how near</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((rule, i) => (
          <RuleRow key={i} rule={rule} />
        ))}
        <tr class="so">
          <td>so</td>
          <td colSpan={3}>
            {outcome}/{reason}
          </td>
        </tr>
      </tbody>
    </table>
  );
}

function RuleRow({ rule }: { readonly rule: TraceRule }) {
  const { left, op, right, holds } = rule;
  return (
    <tr class={holds ? 'holds' : 'fails'}>
      <td>
        <span aria-hidden="true">{holds ? '✓' : '✗'}</span> {holds ? 'yes' : 'no'}
      </td>
      <th scope="row">{sanitizeLine(rule.rule)}</th>
      <td class="mono">{sanitizeLine(op === 'is' ? left : `${left} ${SIGNS[op] ?? op} ${right}`)}</td>
      <td class="margin">{marginText(rule) ?? ''}</td>
    </tr>
  );
}

/** Redis compares with these; people write them so. */
const SIGNS: Readonly<Record<string, string>> = { '<=': '≤', '>=': '≥', '==': '=', '!=': '≠' };
