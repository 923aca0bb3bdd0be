import type { Scenario } from '../scenario/scenario.ts';
import type { DecisionResult, RunResult } from './result.ts';

/**
 * A YAML block of expectations that this run meets, to be pasted under a scenario: the decisions on each link,
 * which nodes agree at the end, and what each node is then.
 */
export function suggestExpectations(result: RunResult, scenario: Scenario): string {
  const lines = [...psyncLines(result), ...convergedLines(result, scenario), ...roleLines(result, scenario)];
  if (hasOneMaster(result)) lines.push(`  - { lost_writes: ${result.lost_writes.count} }`);
  return `${WARNING}\nexpect:\n${lines.join('\n')}\n`;
}

/** Stands over the block: an expectation says what must be, and a run only what was. */
const WARNING = '# check each line: this is what it did, not what it must do';

function hasOneMaster({ nodes }: RunResult): boolean {
  return (
    Object.values(nodes).filter((node) => node.state !== 'down' && node.info.role === 'master').length === 1
  );
}

function psyncLines({ decisions }: RunResult): string[] {
  const links = new Map<string, DecisionResult[]>();
  for (const decision of decisions) {
    if (decision.replica === null) continue;
    const link = `${decision.replica} -> ${decision.master}`;
    const list = links.get(link);
    if (list === undefined) links.set(link, [decision]);
    else list.push(decision);
  }
  return [...links].map(([link, list]) => {
    const given = list.map(({ outcome, reason }) => `${outcome}/${reason}`).join(', ');
    return `  - { psync: ${link}, is: [${given}] }`;
  });
}

/** The largest group of nodes with one id, offset and digest. */
function convergedLines({ nodes }: RunResult, { nodes: specs }: Scenario): string[] {
  const groups = new Map<string, string[]>();
  for (const { name } of specs) {
    const node = nodes[name];
    if (node === undefined || node.state === 'down') continue;
    const key = `${node.info.master_replid} ${node.info.master_repl_offset} ${node.digest}`;
    groups.set(key, [...(groups.get(key) ?? []), name]);
  }
  const largest = [...groups.values()].reduce(
    (best, group) => (group.length > best.length ? group : best),
    [],
  );
  return largest.length < 2 ? [] : [`  - { converged: [${largest.join(', ')}] }`];
}

function roleLines({ nodes }: RunResult, { nodes: specs }: Scenario): string[] {
  return specs.flatMap(({ name }) => {
    const node = nodes[name];
    if (node === undefined || node.state === 'down') return [];
    const link = node.info.role === 'slave' ? `, master_link_status: ${node.info.master_link_status}` : '';
    return [`  - { info: ${name}, has: { role: ${node.info.role}${link} } }`];
  });
}
