import { Chalk, type ChalkInstance } from 'chalk';
import type { StoryEvent } from '../run/result.ts';

export type Paint = (text: string) => string;

/** The colours of a report by what they mean. */
export interface Palette {
  readonly good: Paint;
  readonly bad: Paint;
  readonly strong: Paint;
  readonly faint: Paint;
  readonly kind: Readonly<Record<StoryEvent['kind'], Paint>>;
}

export function createPalette(colour: boolean): Palette {
  const chalk: ChalkInstance = new Chalk({ level: colour ? 1 : 0 });
  return {
    good: chalk.green,
    bad: chalk.red,
    strong: chalk.bold,
    faint: chalk.dim,
    kind: {
      fault: chalk.red,
      role: chalk.magenta,
      link: chalk.blue,
      decision: chalk.yellow,
      timeout: chalk.redBright,
      command: chalk.cyan,
      sync: chalk.green,
      client: chalk.cyanBright,
      log: chalk.dim,
      note: (text) => text,
    },
  };
}
