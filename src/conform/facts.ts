import { hostIp, NOWHERE } from '../../sim/network/address.ts';
import type { Moment, NodeView, Observation, SeenDecision } from './observation.ts';

/** One thing that can be compared: what it is, and its value as text. */
export interface Fact {
  /** Unique within a run; the same in every run of the scenario. */
  readonly key: string;
  readonly value: string;
  /** When it was so. */
  readonly at_ms: number;
}

/** Where a fact of a snapshot or of the end stands; links and replies have other keys. */
export const ABSENT = '(none)';

/** INFO's fields that are compared as they are. Exclusions and their reasons stand in docs/conform.md. */
const COMPARED: readonly string[] = [
  'role',
  'master_link_status',
  'master_sync_in_progress',
  'slave_repl_offset',
  'slave_read_repl_offset',
  'slave_priority',
  'slave_read_only',
  'replica_announced',
  'connected_slaves',
  'min_slaves_good_slaves',
  'master_failover_state',
  'master_repl_offset',
  'second_repl_offset',
  'repl_backlog_active',
  'repl_backlog_size',
  'repl_backlog_first_byte_offset',
  'repl_backlog_histlen',
  'sync_full',
  'sync_partial_ok',
  'sync_partial_err',
  'expired_keys',
  'loading',
  'rdb_bgsave_in_progress',
  'rdb_last_bgsave_status',
  'rdb_changes_since_last_save',
  'aof_rewrite_in_progress',
];

/** Reasons that a master's log tells apart; the offset stands in it only with some of them. */
const LOGGED_REASON: Readonly<Record<string, string>> = {
  'no-backlog': 'lack-of-backlog',
  'backlog-overwritten': 'lack-of-backlog',
  sync: 'unlogged',
  'bad-offset': 'unlogged',
};
const OFFSET_LOGGED: ReadonlySet<string> = new Set(['lack-of-backlog', 'offset-ahead', 'replid2-offset']);

/** Commands whose reply tells of time, of chance or of the process. */
const UNCOMPARABLE =
  /^\s*(time|lastsave|info|client|randomkey|srandmember|spop|object|memory|slowlog|latency|command|pttl|ttl|role|debug\s+object)\b/i;

/** Everything comparable of a run, whether simulated or real. */
export function factsOf(observation: Observation): Fact[] {
  const labels = new Labels();
  return [
    ...decisionFacts(observation.decisions),
    ...replyFacts(observation, labels),
    ...observation.moments.flatMap((moment) => momentFacts(moment, labels)),
    ...observation.neverActed.map((line) => ({
      key: `entry on line ${line}`,
      value: 'never acted',
      at_ms: 0,
    })),
  ];
}

/** A run of equal refusals counts as one: how often a replica asks again depends on phases. */
function decisionFacts(decisions: readonly SeenDecision[]): Fact[] {
  const facts: Fact[] = [];
  for (const [link, all] of byLink(decisions)) {
    let number = 0;
    let times = 0;
    all.forEach((decision, i) => {
      const { at_ms, outcome, reason } = decision;
      times++;
      const next = all[i + 1];
      if (outcome === 'refused' && next?.outcome === 'refused' && next.reason === reason) return;
      number++;
      const key = `decision ${link} #${number}`;
      facts.push(...oneDecision(key, decision));
      if (outcome === 'refused') facts.push({ key: `${key} times`, value: timesText(times), at_ms });
      times = 0;
    });
    facts.push({ key: `decisions ${link}`, value: String(number), at_ms: all.at(-1)!.at_ms });
  }
  return facts;
}

/** A replica that asks again at once asks as often as its machine can. */
function timesText(times: number): string {
  return times > MOST_COUNTED ? `more than ${MOST_COUNTED}` : String(times);
}

const MOST_COUNTED = 100;

function oneDecision(key: string, decision: SeenDecision): Fact[] {
  const { at_ms, outcome, offset, bytes } = decision;
  const reason = decision.reason === null ? null : (LOGGED_REASON[decision.reason] ?? decision.reason);
  const facts = [{ key: `${key} outcome`, value: outcome, at_ms }];
  if (reason !== null) facts.push({ key: `${key} reason`, value: reason, at_ms });
  if (outcome === 'partial' || (reason !== null && OFFSET_LOGGED.has(reason))) {
    facts.push({ key: `${key} offset`, value: String(offset), at_ms });
  }
  if (outcome === 'partial') facts.push({ key: `${key} bytes`, value: String(bytes), at_ms });
  return facts;
}

/** A client is no replica with a log: of its refusals only that of a wrong offset is told, by the server. */
function isLogged({ outcome, reason }: SeenDecision): boolean {
  return outcome !== 'refused' || reason === 'bad-offset';
}

function byLink(decisions: readonly SeenDecision[]): Map<string, SeenDecision[]> {
  const links = new Map<string, SeenDecision[]>();
  for (const decision of decisions) {
    if (decision.replica === null && !isLogged(decision)) continue;
    const link = `${decision.replica ?? '?'} → ${decision.master}`;
    const known = links.get(link);
    if (known === undefined) links.set(link, [decision]);
    else known.push(decision);
  }
  return links;
}

function replyFacts({ replies }: Observation, labels: Labels): Fact[] {
  const counts = new Map<string, number>();
  const facts: Fact[] = [];
  for (const { at_ms, on, run, reply } of replies) {
    const number = (counts.get(on) ?? 0) + 1;
    counts.set(on, number);
    const key = `reply ${on} #${number} ${run.length > 60 ? `${run.slice(0, 57)}...` : run}`;
    if (UNCOMPARABLE.test(run)) continue;
    facts.push({ key, value: replyText(reply, labels), at_ms });
  }
  return facts;
}

function replyText(reply: string | null, labels: Labels): string {
  if (reply === null) return 'null';
  return reply.replace(/\b[0-9a-f]{40}\b/g, (id) => labels.of('hash', id));
}

function momentFacts({ name, at_ms, nodes }: Moment, labels: Labels): Fact[] {
  return Object.entries(nodes).flatMap(([node, view]) =>
    nodeFacts(view, labels, Object.keys(nodes)).map(([field, value]) => ({
      key: `${name} ${node} ${field}`,
      value,
      at_ms,
    })),
  );
}

function nodeFacts(view: NodeView, labels: Labels, names: readonly string[]): [string, string][] {
  if (view.state !== 'up') return [['state', view.state]];
  const { info, digest } = view;
  const facts: [string, string][] = [['state', 'up']];
  for (const field of COMPARED) if (info[field] !== undefined) facts.push([field, String(info[field])]);
  if (info.master_host !== undefined) facts.push(['master', nodeName(String(info.master_host), names)]);
  for (const field of ['master_replid', 'master_replid2']) {
    if (info[field] !== undefined) facts.push([field, labels.of('id', String(info[field]))]);
  }
  facts.push(...slaveFacts(info, names));
  if (digest !== null) facts.push(['data', labels.of('data', digest)]);
  return facts;
}

/** The lines of a master about its replicas, by their names and not by their places. */
function slaveFacts(
  info: Readonly<Record<string, string | number>>,
  names: readonly string[],
): [string, string][] {
  const facts: [string, string][] = [];
  const seen = new Map<string, number>();
  for (let i = 0; info[`slave${i}`] !== undefined; i++) {
    const line = String(info[`slave${i}`]);
    const [, ip, state, offset] = /^ip=(.*),port=\d+,state=(\w+),offset=(\d+)/.exec(line) ?? [];
    const name = nodeName(ip ?? '?', names);
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    const slave = number === 1 ? `slave(${name})` : `slave(${name})#${number}`;
    facts.push([`${slave}.state`, state ?? '?'], [`${slave}.offset`, offset ?? '?']);
  }
  return facts;
}

function nodeName(host: string, names: readonly string[]): string {
  if (host === NOWHERE.ip) return 'nowhere';
  return names.find((_, node) => hostIp(node) === host) ?? host;
}

/** Names for values of which only equality means anything, in the order in which they appear. */
class Labels {
  readonly #known = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  of(kind: string, value: string): string {
    if (/^0+$/.test(value)) return 'none';
    const known = this.#known.get(`${kind} ${value}`);
    if (known !== undefined) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const label = `${kind}${number}`;
    this.#known.set(`${kind} ${value}`, label);
    return label;
  }
}
