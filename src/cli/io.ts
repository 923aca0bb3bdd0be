/** Whether to go on: ctrl-C was pressed, or nobody reads standard output any more. */
export type Weather = 'go' | 'interrupted' | 'closed';

/** A stream that text goes to. */
export interface Output {
  write(text: string): void;
  /** Columns of the terminal; undefined where it is none. */
  readonly columns: number | undefined;
}

/** All that the program touches of the process it runs in; tests bring their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** All of standard input, up to a limit no scenario reaches; throws Interrupted at ctrl-C. */
  readStdin(): Promise<string>;
  /** The same of a named pipe, by its path. */
  readPipe(path: string): Promise<string>;
  /** Asks on standard error and reads one line; null where there is none any more. Throws Interrupted at ctrl-C. */
  ask(question: string): Promise<string | null>;
  /** Shows a file to whoever sits before the screen, with the program that the system has for it. */
  open(file: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Calls `work`, which waits for nothing; throws Interrupted as soon as ctrl-C is pressed. */
  interruptible<T>(work: () => T): T;
  /** Lets signals and write errors arrive, and tells of them. */
  pause(): Promise<Weather>;
  /** How long to work between two pauses where the work can be parted, in milliseconds. */
  readonly sliceMs: number;
}
