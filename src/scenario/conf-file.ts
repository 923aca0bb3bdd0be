import { dirname, isAbsolute, join } from 'node:path';
import { splitArguments } from '../../sim/redis/commands/split-arguments.ts';
import type { Problems } from './problems.ts';
import type { Position } from './scenario.ts';

/** One line of a configuration, with its places for messages. */
export interface ConfigLine {
  readonly directive: string;
  /** One character for each byte, without quotes. */
  readonly args: readonly string[];
  readonly position: Position;
  readonly valuePosition: Position;
}

/**
 * The lines of a redis.conf (config.c loadServerConfigFromString): blank lines and comments are skipped,
 * arguments are split as redis-cli splits them.
 */
export function parseConfFile(text: string, file: string, problems: Problems): ConfigLine[] {
  return text.split(/\r?\n/).flatMap((source, index) => {
    const line = source.trim();
    if (line === '' || line.startsWith('#')) return [];
    const position = { file, line: index + 1, column: source.length - source.trimStart().length + 1 };
    const args = splitArguments(Buffer.from(line, 'utf8').toString('latin1'));
    const directive = args?.shift();
    if (args === undefined || directive === undefined) {
      problems.report(position, 'the quotes in this line do not match');
      return [];
    }
    return [{ directive, args, position, valuePosition: position }];
  });
}

/** The path of a `conf:` file: it counts from the scenario's folder, for standard input from the working one. */
export function confPath(scenarioFile: string, conf: string): string {
  return scenarioFile === '-' || isAbsolute(conf) ? conf : join(dirname(scenarioFile), conf);
}
