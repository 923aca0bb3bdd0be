import { wrap } from '../terminal/width.ts';
import { COMMAND_NAMES, type CommandName, commandSpec, type OptionName, optionSpec } from './options.ts';

const EXIT_CODES = `Exit codes: 0 all held; 1 something did not; 2 the command line or a scenario is wrong, or nothing
matched; 3 psynclab contradicted itself; 130 ctrl-C.`;

/** Width of the help; it goes through pipes and pagers as often as to a terminal. */
const COLUMNS = 100;

/** The help of a command, or of the program where `command` is null. */
export function helpText(command: CommandName | null): string {
  return `${(command === null ? programHelp() : commandHelp(command)).join('\n')}\n`;
}

function programHelp(): string[] {
  const rows = COMMAND_NAMES.map((name): Row => {
    const spec = commandSpec(name);
    return [spec.usage, spec.about];
  });
  return [
    'psynclab: a deterministic simulator of Redis replication',
    '',
    'usage: psynclab COMMAND [OPTION...]',
    '',
    ...table(rows),
    '',
    'psynclab COMMAND --help tells of its options. psynclab --version prints the version.',
    'How to write scenarios: docs/first-scenario.md, and docs/language.md for every key.',
    '',
    EXIT_CODES,
  ];
}

function commandHelp(name: CommandName): string[] {
  const spec = commandSpec(name);
  const lines = [`psynclab ${spec.usage}`, '', spec.about];
  if (spec.options.length > 0) lines.push('', ...table(spec.options.map(optionRow)));
  if (spec.examples !== undefined) {
    lines.push('', 'examples:', ...table(spec.examples.map(([example, about]): Row => [example, about])));
  }
  return [...lines, '', EXIT_CODES];
}

type Row = readonly [left: string, right: string];

function optionRow(name: OptionName): Row {
  const spec = optionSpec(name);
  const left = spec.value === undefined ? `--${name}` : `--${name} ${spec.value}`;
  const choices = spec.choices === undefined ? '' : `: ${spec.choices.join(', ')}`;
  return [left, `${spec.about}${choices}`];
}

/** Two columns; what is too long for the left one has a line of its own. */
function table(rows: readonly Row[]): string[] {
  const width = Math.min(34, Math.max(...rows.map(([left]) => left.length)));
  const indent = ' '.repeat(width + 4);
  return rows.flatMap(([left, right]) => {
    const [first, ...rest] = wrap(right, COLUMNS - indent.length).map((line) => indent + line);
    const start = `  ${left.padEnd(width)}  `;
    return left.length > width ? [`  ${left}`, first!, ...rest] : [start + first!.trimStart(), ...rest];
  });
}
