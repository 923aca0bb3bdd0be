import { spawn } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { createInterface, type Interface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createContext, Script } from 'node:vm';
import { EXIT, Interrupted } from './errors.ts';
import type { Io, Output, Weather } from './io.ts';
import { READ_LIMIT, systemReason } from './read-text.ts';

/** The Io of a real process: its streams, signals and environment. */
export function processIo(): Io {
  let weather: Weather = 'go';
  /** What is being waited for besides the simulation. */
  let waiting: Readable | null = null;
  const lines = new Lines();
  process.on('SIGINT', () => {
    // Whoever presses a second time wants out at once, with what is printed so far.
    if (weather === 'interrupted') process.exit(130);
    weather = 'interrupted';
    waiting?.destroy(new Interrupted());
    lines.end();
  });
  const readAll = async (stream: Readable): Promise<string> => {
    waiting = stream;
    try {
      return await textOf(stream);
    } finally {
      waiting = null;
    }
  };
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && weather !== 'closed') {
      // The results are lost, so neither "held" nor "failed" may be the end of it.
      process.stderr.write(`psynclab: standard output cannot be written: ${systemReason(error)}\n`);
      process.exit(EXIT.wrong);
    }
    weather = 'closed';
  });
  process.stderr.on('error', () => {});
  return {
    stdout: output(process.stdout, () => weather !== 'closed'),
    stderr: output(process.stderr, () => true),
    readStdin: () => readAll(process.stdin),
    readPipe: (path) => readAll(openPipe(path)),
    ask: async (question) => {
      const line = await lines.ask(question);
      if (weather === 'interrupted') throw new Interrupted();
      return line;
    },
    open: (file) => openFile(file),
    env: process.env,
    cwd: currentDirectory(),
    interruptible,
    sliceMs: 50,
    pause: async () => {
      await new Promise((resolve) => setImmediate(resolve));
      return weather;
    },
  };
}

/** A shell can stand in a directory that somebody has removed; then only absolute paths lead anywhere. */
function currentDirectory(): string {
  try {
    return process.cwd();
  } catch {
    return '/nonexistent';
  }
}

function output(stream: NodeJS.WriteStream, open: () => boolean): Output {
  return {
    write: (text) => {
      if (open()) stream.write(text);
    },
    columns: stream.isTTY ? stream.columns || 80 : undefined,
  };
}

/** The words that open a file; nobody waits for the program that shows it. */
const OPENERS: Readonly<Record<string, readonly string[]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', '""'],
};

function openFile(file: string): void {
  const [program, ...words] = OPENERS[process.platform] ?? ['xdg-open'];
  const child = spawn(program!, [...words, file], { stdio: 'ignore', detached: true });
  child.on('error', (error) => {
    process.stderr.write(`psynclab: ${program} cannot be started: ${systemReason(error)}\n`);
  });
  child.unref();
}

/** Standard input, line by line, for whoever is asked something; between questions it does not hold the process up. */
class Lines {
  readonly #lines: string[] = [];
  #reader: Interface | null = null;
  #ended = false;
  #arrived: () => void = () => {};

  async ask(question: string): Promise<string | null> {
    process.stderr.write(question);
    const reader = this.#open();
    reader.resume();
    while (this.#lines.length === 0 && !this.#ended) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    if (!this.#ended) reader.pause();
    return this.#lines.shift() ?? null;
  }

  /** Nothing is waited for any longer. */
  end(): void {
    this.#ended = true;
    this.#reader?.close();
    this.#arrived();
  }

  #open(): Interface {
    if (this.#reader !== null) return this.#reader;
    this.#reader = createInterface({ input: process.stdin });
    this.#reader.on('line', (line) => {
      this.#lines.push(line);
      this.#arrived();
    });
    this.#reader.on('close', () => {
      this.#ended = true;
      this.#arrived();
    });
    return this.#reader;
  }
}

async function textOf(stream: Readable): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of stream) {
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > READ_LIMIT) break;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Opened so that neither the opening nor the reading holds up the process, and with it ctrl-C. */
function openPipe(path: string): Readable {
  return new Socket({
    fd: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
}

/**
 * What plays many runs in one piece waits for nothing, so a signal's handler would run only after it. A script of
 * node:vm can be broken off by SIGINT (another thread watches for it), and what it calls with it. A signal in the very
 * moment in which Node hands over from the handler to that thread is lost, so this is for one long piece of work, after
 * a pause; what can be parted looks up between its parts instead.
 */
function interruptible<T>(work: () => T): T {
  const outcome: { value?: T } = {};
  const context = createContext({
    work: () => {
      outcome.value = work();
    },
  });
  try {
    new Script('work()').runInContext(context, { breakOnSigint: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException | null)?.code;
    if (code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw new Interrupted();
    throw error;
  }
  return outcome.value as T;
}
