import { rmSync } from 'node:fs';

/**
 * What must not outlive the program, however it ends: server processes, and the directories they run in. A run
 * that comes to its end takes away what is its own; this is for ctrl-C pressed twice, a terminal that is closed,
 * and a kill.
 */

interface Killable {
  destroy(): void;
}

const processes = new Set<Killable>();
const directories = new Set<string>();

function removeAll(): void {
  for (const one of processes) one.destroy();
  for (const directory of directories) rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
}

/** Signals that end a program by themselves, without its `exit` event, and the number that a shell adds to 128. */
const ENDING: readonly (readonly [signal: NodeJS.Signals, number: number])[] = [
  ['SIGHUP', 1],
  ['SIGTERM', 15],
];

let watching = false;

function watch(): void {
  if (watching) return;
  watching = true;
  process.on('exit', removeAll);
  for (const [signal, number] of ENDING) process.on(signal, () => process.exit(128 + number));
}

export const leftovers = {
  addProcess(one: Killable): void {
    watch();
    processes.add(one);
  },
  removeProcess(one: Killable): void {
    processes.delete(one);
  },
  addDirectory(directory: string): void {
    watch();
    directories.add(directory);
  },
  removeDirectory(directory: string): void {
    directories.delete(directory);
  },
};
