import { ENTRY_KINDS, type EntryKind } from '../../trace/trace.ts';

/** Kinds of entries that are shown and folded together. */
export const GROUPS = ['story', 'log', 'stream', 'heartbeat', 'client'] as const;
export type Group = (typeof GROUPS)[number];

export const GROUP_NAMES: Readonly<Record<Group, string>> = {
  story: 'story',
  log: 'log lines',
  stream: 'stream',
  heartbeat: 'heartbeats',
  client: 'clients',
};

const GROUP_OF: Partial<Record<EntryKind, Group>> = {
  line: 'log',
  stream: 'stream',
  ping: 'heartbeat',
  ack: 'heartbeat',
  request: 'client',
  answer: 'client',
};

export function groupOf(kind: EntryKind): Group {
  return GROUP_OF[kind] ?? 'story';
}

/** Several groups as bits. */
export type GroupMask = number;

export function maskOf(...groups: readonly Group[]): GroupMask {
  return groups.reduce((mask, group) => mask | (1 << GROUPS.indexOf(group)), 0);
}

/** By kind number: the bit of its group. */
export const KIND_MASKS: readonly GroupMask[] = ENTRY_KINDS.map((kind) => maskOf(groupOf(kind)));
export const ALL_GROUPS: GroupMask = maskOf(...GROUPS);
