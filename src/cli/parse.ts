import yargs from 'yargs';
import { nearest } from '../scenario/nearest.ts';
import { UsageError } from './errors.ts';
import {
  COMMAND_NAMES,
  type CommandName,
  commandSpec,
  OPTION_NAMES,
  type OptionName,
  type OptionValues,
  optionSpec,
} from './options.ts';

/** A command line that was understood. `version` and `help` win over everything else. */
export type Parsed =
  | {
      readonly kind: 'command';
      readonly command: CommandName;
      readonly operands: readonly string[];
      readonly options: OptionValues;
    }
  | { readonly kind: 'help'; readonly command: CommandName | null }
  | { readonly kind: 'version' };

type Found = Readonly<Record<string, unknown>> & { readonly _: readonly (string | number)[] };

/**
 * Reads a command line (without the node and the script); throws UsageError where it is wrong. yargs takes it
 * apart. What is unknown is looked for here, since yargs' own strictness knows no option by a command that
 * does not have it and names no near one.
 */
export function parseCommandLine(argv: readonly string[]): Parsed {
  checkFlags(argv);
  const found = takeApart(argv);
  const words = found._.map(String);
  if (words[0] === 'help')
    return { kind: 'help', command: words[1] === undefined ? null : findCommand(words[1]) };
  const command = words[0] === undefined ? null : findCommand(words[0]);
  if (found.version === true) return { kind: 'version' };
  if (found.help === true) return { kind: 'help', command };
  if (command === null) throw new UsageError('which command?', `one of ${COMMAND_NAMES.join(', ')}`);

  const spec = commandSpec(command);
  const operands = words.slice(1);
  if (!spec.operands && operands[0] !== undefined) {
    throw new UsageError(`${command} takes no ${JSON.stringify(operands[0])}`);
  }
  const values = Object.entries(found).filter(([name]) => !NOT_OPTIONS.has(name));
  return {
    kind: 'command',
    command,
    operands,
    options: Object.fromEntries(values.map(([name, value]) => checkOption(command, name, value))),
  };
}

/** What yargs gives beside the options of the table. */
const NOT_OPTIONS: ReadonlySet<string> = new Set(['_', '$0', 'help', 'version']);

/** How yargs says that an option has no value. */
const MISSING_VALUE = /^Not enough arguments following: (.*)$/;

/**
 * Refuses what yargs takes in silence: a value for a flag that has none (`--json=yes` would mean no), and
 * names that mean something to yargs itself or to every JavaScript object.
 */
function checkFlags(argv: readonly string[]): void {
  const end = argv.indexOf('--');
  for (const word of end < 0 ? argv : argv.slice(0, end)) {
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    if (name === undefined) continue;
    if (name === '_' || name === '$0' || name.split('.')[0]! in {}) {
      throw new UsageError(`there is no option --${name}`, 'psynclab COMMAND --help lists them');
    }
    const known = OPTION_NAMES.find((option) => option === name);
    const isFlag =
      known === undefined ? name === 'help' || name === 'version' : optionSpec(known).type === 'boolean';
    if (isFlag && value !== undefined) {
      throw new UsageError(`--${name} takes no value`, `leave out =${value}`);
    }
  }
}

function takeApart(argv: readonly string[]): Found {
  // yargs asks for the current directory otherwise, and there may be none.
  const parser = yargs([], '/')
    .locale('en')
    .parserConfiguration({
      // Without this, `--set A.hz=50 a.yaml` would swallow the file.
      'greedy-arrays': false,
      'dot-notation': false,
      'camel-case-expansion': false,
      'strip-aliased': true,
      'parse-numbers': false,
      'parse-positional-numbers': false,
    })
    .exitProcess(false)
    .help(false)
    .version(false)
    .option('help', { alias: 'h', type: 'boolean' })
    .option('version', { type: 'boolean' })
    .fail((message, error) => {
      throw new UsageError((message ?? error.message).replace(MISSING_VALUE, '--$1 needs a value'));
    });
  for (const name of OPTION_NAMES) {
    const { type } = optionSpec(name);
    const boolean = type === 'boolean';
    // A seed stays a string: `007` is not 7.
    parser.option(name, {
      type: boolean ? 'boolean' : 'string',
      array: type === 'list',
      requiresArg: !boolean,
    });
  }
  return parser.parseSync([...argv]) as Found;
}

function findCommand(word: string): CommandName {
  const known = COMMAND_NAMES.find((name) => name === word);
  if (known !== undefined) return known;
  const near = nearest(word, COMMAND_NAMES);
  throw new UsageError(
    `there is no command ${JSON.stringify(word)}`,
    near === null ? `commands are ${COMMAND_NAMES.join(', ')}` : `did you mean ${near}?`,
  );
}

function checkOption(command: CommandName, name: string, value: unknown): [string, unknown] {
  const option = OPTION_NAMES.find((known) => known === name);
  if (option === undefined || !commandSpec(command).options.includes(option)) {
    throw unknownOption(command, name, option);
  }
  const spec = optionSpec(option);
  if (spec.type === 'boolean') return [name, value === true];
  const values = (Array.isArray(value) ? value : [value]).map((text) => requireText(name, text));
  if (spec.type === 'list') return [name, values];
  if (values.length > 1) throw new UsageError(`--${name} was given more than once`);
  if (spec.choices !== undefined && !spec.choices.includes(values[0]!)) {
    const near = nearest(values[0]!, spec.choices);
    throw new UsageError(
      `--${name} knows no ${JSON.stringify(values[0])}`,
      near === null ? `it is one of ${spec.choices.join(', ')}` : `did you mean ${near}?`,
    );
  }
  return [name, values[0]];
}

/** `--seed=` and `--no-seed` give no text. */
function requireText(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new UsageError(`--${name} needs a value`);
  return value;
}

function unknownOption(command: CommandName, name: string, elsewhere: OptionName | undefined): UsageError {
  const flag = name.length === 1 ? `-${name}` : `--${name}`;
  const message = `${command} has no option ${flag}`;
  if (elsewhere !== undefined) {
    const owner = COMMAND_NAMES.find((other) => commandSpec(other).options.includes(elsewhere));
    return new UsageError(message, `it is an option of ${owner}`);
  }
  const near = nearest(name, commandSpec(command).options);
  return new UsageError(
    message,
    near === null ? `psynclab ${command} --help lists them` : `did you mean --${near}?`,
  );
}
