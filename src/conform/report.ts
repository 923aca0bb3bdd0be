import { sanitizeLine } from '../report/sanitize.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Comparison } from './compare.ts';
import { differs, type Verdict } from './verdict.ts';

/** One scenario's comparison as `conform --json` gives it. */
export interface ConformResult {
  readonly scenario: string;
  readonly case: Scenario['case'];
  readonly verdict: Verdict['verdict'];
  readonly reasons: readonly string[];
  /** How many facts were compared, and how many of these the simulation pins or only bounds. */
  readonly compared: number;
  readonly pinned: number;
  readonly allowed: number;
  readonly differing: readonly {
    readonly fact: string;
    readonly at_ms: number;
    readonly real: string;
    readonly simulated: readonly string[];
  }[];
  readonly seed: number | null;
  readonly logs: Verdict['logs'];
}

export function conformResult(scenario: Scenario, verdict: Verdict): ConformResult {
  const count = (kind: Comparison['verdict']): number =>
    verdict.comparisons.filter((one) => one.verdict === kind).length;
  return {
    scenario: scenario.file,
    case: scenario.case,
    verdict: verdict.verdict,
    reasons: verdict.reasons,
    compared: verdict.comparisons.length,
    pinned: count('pinned'),
    allowed: count('allowed'),
    differing: verdict.comparisons
      .filter(differs)
      .map(({ key, at_ms, real, simulated }) => ({ fact: key, at_ms, real, simulated })),
    seed: verdict.seed,
    logs: verdict.logs,
  };
}

/** The result of a scenario for people, a few lines; more where something differs. */
export function conformText(result: ConformResult): string {
  const name = sanitizeLine(result.scenario) + caseText(result.case);
  const { verdict, reasons, compared, pinned, allowed, differing, seed, logs } = result;
  const lines = [
    `${verdict}  ${name}${compared === 0 ? '' : `: ${compared} facts, ${pinned} pinned, ${allowed} allowed`}`,
  ];
  for (const reason of reasons) lines.push(`  because ${sanitizeLine(reason)}`);
  if (differing.length === 0) return `${lines.join('\n')}\n`;
  lines.push(`  ${differing.length} differ from what the simulation gives under 64 seeds:`);
  for (const { fact, real, simulated } of differing) {
    lines.push(
      `    ${sanitizeLine(fact)}`,
      `      real      ${sanitizeLine(real)}`,
      `      simulated ${valuesText(simulated)}`,
    );
  }
  lines.push(`  both logs around the first difference (the simulation with seed ${seed}):`);
  for (const { at_ms, where, node, text } of logs) {
    const column = where === 'real' ? 'real' : 'sim ';
    lines.push(`    ${(at_ms / 1000).toFixed(3).padStart(8)}s ${column} ${node}  ${sanitizeLine(text)}`);
  }
  return `${lines.join('\n')}\n`;
}

const VALUES_SHOWN = 8;

function valuesText(values: readonly string[]): string {
  const shown = values.slice(0, VALUES_SHOWN).map(sanitizeLine).join(' or ');
  return values.length <= VALUES_SHOWN ? shown : `${shown} or ${values.length - VALUES_SHOWN} others`;
}

function caseText(values: Scenario['case']): string {
  if (values === null) return '';
  const pairs = Object.entries(values).map(([key, value]) => `${key}=${String(value)}`);
  return ` (${sanitizeLine(pairs.join(', '))})`;
}
