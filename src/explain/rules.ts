import type { History } from './names.ts';

/** Where each C function that asks a rule stands, with its section of the annotated source. */
const SECTIONS: Readonly<Record<string, string>> = {
  masterTryPartialResynchronization: 'replication.c, seed 3.3.6',
  syncCommand: 'replication.c',
  processCommand: 'server.c',
};

export function sectionOf(source: string): string {
  return SECTIONS[source] ?? 'replication.c';
}

/** A value that a rule compared; an id by its name. */
export function ruleValue(value: string | number, history: History): string {
  return typeof value === 'string' && /^[0-9a-f]{40}$/i.test(value) ? history.name(value) : String(value);
}
