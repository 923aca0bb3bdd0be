import { type ChildProcess, spawn } from 'node:child_process';
import type { LogLevel } from '../../sim/redis/system.ts';
import { leftovers } from './leftovers.ts';

/** A line that a server wrote to its log. */
export interface LogLine {
  /** Milliseconds since 1970, by the server's own clock. */
  readonly at: number;
  readonly level: LogLevel;
  readonly message: string;
}

export interface ProcessListener {
  line(line: LogLine): void;
  /** It listens from now on, perhaps still loading. */
  listens(): void;
  ended(): void;
}

const LEVELS: Readonly<Record<string, LogLevel>> = {
  '.': 'debug',
  '-': 'verbose',
  '*': 'notice',
  '#': 'warning',
};
const LISTENS = 'Server initialized';
/** A fatal error in the configuration takes three lines. */
const MOST_WORDS = 3;

/** One redis-server process on loopback, in a process group of its own with the children that it forks. */
export class ServerProcess {
  readonly #child: ChildProcess;
  readonly #listener: ProcessListener;
  readonly exited: Promise<void>;
  #text = '';
  /** The last lines that are none of its log: what it says before it has one. */
  readonly #words: string[] = [];

  /** Starts it with a configuration file in its directory; its log comes over its standard output. */
  constructor(program: string, directory: string, file: string, listener: ProcessListener) {
    this.#listener = listener;
    this.#child = spawn(program, [file], {
      cwd: directory,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    leftovers.addProcess(this);
    for (const stream of [this.#child.stdout!, this.#child.stderr!]) {
      stream.setEncoding('latin1');
      stream.on('data', (text: string) => this.#read(text));
    }
    this.exited = new Promise((resolve) => {
      const ended = (): void => {
        leftovers.removeProcess(this);
        this.#listener.ended();
        resolve();
      };
      this.#child.once('close', ended);
      this.#child.once('error', (error) => {
        this.#word(error.message);
        ended();
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** What it said last that is no line of its log, on one line; empty where that was nothing. */
  get words(): string {
    return this.#words.join(' ');
  }

  #word(text: string): void {
    const word = text.trim();
    if (word === '' || word.startsWith('***')) return;
    this.#words.push(word);
    if (this.#words.length > MOST_WORDS) this.#words.shift();
  }

  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal);
  }

  /** Ends it and the children that it forked, at once. */
  destroy(): void {
    if (this.pid === undefined) return;
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // The group has no process left.
    }
  }

  #read(text: string): void {
    const lines = (this.#text + text).split('\n');
    this.#text = lines.pop()!;
    for (const line of lines) this.#line(line);
  }

  #line(text: string): void {
    const line = parseLogLine(text);
    if (line === null) {
      this.#word(text);
      return;
    }
    this.#listener.line(line);
    if (line.message.includes(LISTENS)) this.#listener.listens();
  }
}

/** `12345:M 22 Nov 2026 12:44:20.490 * message`; null for anything else (a banner, a crash report). */
export function parseLogLine(text: string): LogLine | null {
  const found = /^\d+:[XCSM] (\d+ \w+ \d+ \d+:\d+:\d+\.\d+) ([.\-*#]) (.*?)\r?$/.exec(text);
  if (found === null) return null;
  return { at: Date.parse(found[1]!), level: LEVELS[found[2]!]!, message: found[3]! };
}
