import { formatBytes, formatClock, plural } from '../../terminal/format.ts';
import type { Trace } from '../../trace/trace.ts';
import { historyName } from '../../trace/words.ts';
import { NO_REPLID } from '../pictures/history-slots.ts';
import { nodeName } from '../pictures/scene.ts';
import { cellCode, plain } from './escape.ts';

/** How each node ended, of INFO's fields what replication turns on. */
export function finalState(trace: Trace): string[] {
  const { nodes, final } = trace;
  return [
    '| | role | history | offset | backlog | replicas |',
    '|---|---|---|--:|---|--:|',
    ...nodes.map((_, i) => {
      const info = final[i] ?? null;
      const cells = info === null ? ['down', '', '', '', ''] : infoCells(trace, info);
      return `| **${plain(nodeName(trace, i))}** | ${cells.join(' | ')} |`;
    }),
  ];
}

type Info = NonNullable<Trace['final'][number]>;

function infoCells(trace: Trace, info: Info): string[] {
  const name = (field: string): string => historyName(trace, String(info[field] ?? NO_REPLID));
  const second = Number(info.second_repl_offset ?? -1);
  const first = Number(info.repl_backlog_first_byte_offset ?? 0);
  const length = Number(info.repl_backlog_histlen ?? 0);
  const role = info.role === 'slave' ? `replica, link ${info.master_link_status ?? 'down'}` : 'master';
  const held = length === 0 ? 'empty' : `${first} to ${first + length - 1}`;
  return [
    plain(role),
    `${cellCode(name('master_replid'))}${second < 0 ? '' : `, before byte ${second} ${cellCode(name('master_replid2'))}`}`,
    String(info.master_repl_offset ?? info.slave_repl_offset ?? ''),
    Number(info.repl_backlog_active ?? 0) === 0 ? 'none' : held,
    String(info.connected_slaves ?? 0),
  ];
}

/** What the run cost its users, on one line. */
export function costLine({ cost }: Trace): string {
  return [
    `${plural(cost.fullSyncs, 'full sync')} (${formatBytes(cost.fullBytes)})`,
    plural(cost.forks, 'fork'),
    `${formatClock(cost.unreadable)} s unreadable`,
    ...(cost.writeGap > 0 ? [`longest write gap ${formatClock(cost.writeGap)} s`] : []),
    ...(cost.lostWrites > 0 ? [plural(cost.lostWrites, 'lost write')] : []),
  ].join(' · ');
}
