import { sanitizeLines } from '../terminal/sanitize.ts';
import { VERSION } from '../version.ts';
import { writeContradiction } from './contradiction.ts';
import type { Engine } from './engine.ts';
import { EXIT, Interrupted, UsageError } from './errors.ts';
import type { Io } from './io.ts';
import { isScenarioProblem, writeProblem } from './problem.ts';
import { commandLine } from './shell.ts';

/**
 * The program: does what the words of the command line say and gives the exit code (CONTRACT section 3).
 * Whatever is heavy is imported only by the command that needs it, so that help and version come at once.
 */
export async function main(argv: readonly string[], io: Io, engine: Engine): Promise<number> {
  try {
    return await dispatch(argv, io, engine);
  } catch (error) {
    if (error instanceof UsageError) {
      const hint = error.hint === null ? '' : `  hint: ${error.hint}\n`;
      io.stderr.write(sanitizeLines(`psynclab: ${error.message}\n${hint}`));
      return EXIT.wrong;
    }
    if (error instanceof Interrupted) return EXIT.interrupted;
    if (isScenarioProblem(error)) {
      writeProblem(error, io);
      return EXIT.wrong;
    }
    writeContradiction(error, commandLine(argv), io);
    return EXIT.contradiction;
  }
}

async function dispatch(argv: readonly string[], io: Io, engine: Engine): Promise<number> {
  if (argv.length === 1 && argv[0] === '--version') return writeVersion(io);
  if (argv.length === 0 || (argv.length === 1 && (argv[0] === '--help' || argv[0] === '-h'))) {
    return writeHelp(argv.length === 0, io);
  }
  const { parseCommandLine } = await import('./parse.ts');
  const parsed = parseCommandLine(argv);
  if (parsed.kind === 'version') return writeVersion(io);
  if (parsed.kind === 'help') {
    io.stdout.write((await import('./help.ts')).helpText(parsed.command));
    return EXIT.held;
  }
  const { operands, options } = parsed;
  switch (parsed.command) {
    case 'run':
      return (await import('./run-command.ts')).runCommand(operands, options, io, engine);
    case 'explain':
      return (await import('./explain-command.ts')).explainCommand(operands, options, io, engine);
    case 'report':
      return (await import('./report-command.ts')).reportCommand(operands, options, io, engine);
    case 'conform':
      return (await import('./conform-command.ts')).conformCommand(operands, options, io, engine);
    case 'compare':
      return (await import('./compare-command.ts')).compareCommand(operands, options, io, engine);
    case 'sweep':
      return (await import('./sweep-command.ts')).sweepCommand(operands, options, io, engine);
    case 'merge':
      return (await import('./merge-command.ts')).mergeCommand(operands, options, io);
    case 'shrink':
      return (await import('./shrink-command.ts')).shrinkCommand(operands, options, io, engine);
    case 'likelihood':
      return (await import('./likelihood-command.ts')).likelihoodCommand(operands, options, io, engine);
    case 'list':
      return (await import('./list-command.ts')).listCommand(operands, options, io, engine);
    case 'init':
      return (await import('./init-command.ts')).initCommand(operands, options, io);
    case 'schema': {
      const schema = (await engine.scenarios()).scenarioJsonSchema();
      io.stdout.write(`${JSON.stringify(schema, null, 2)}\n`);
      return EXIT.held;
    }
  }
}

function writeVersion(io: Io): number {
  io.stdout.write(`${VERSION}\n`);
  return EXIT.held;
}

/** Without any word, the help is a message about a wrong command line. */
async function writeHelp(asMessage: boolean, io: Io): Promise<number> {
  const { helpText } = await import('./help.ts');
  (asMessage ? io.stderr : io.stdout).write(helpText(null));
  return asMessage ? EXIT.wrong : EXIT.held;
}
