/** The command line is wrong: a message, where there is one a hint, and exit code 2. */
export class UsageError extends Error {
  readonly hint: string | null;

  constructor(message: string, hint: string | null = null) {
    super(message);
    this.name = 'UsageError';
    this.hint = hint;
  }
}

/** Ctrl-C came while a run was under way. */
export class Interrupted extends Error {
  constructor() {
    super('interrupted');
    this.name = 'Interrupted';
  }
}

/** Nobody reads standard output any more, so there is nothing left to do. */
export class ReaderGone extends Error {
  constructor() {
    super('nobody reads standard output');
    this.name = 'ReaderGone';
  }
}

export const EXIT = { held: 0, failed: 1, wrong: 2, contradiction: 3, interrupted: 130 } as const;
