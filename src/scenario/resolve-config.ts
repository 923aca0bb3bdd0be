import { splitArguments } from '../../sim/redis/commands/split-arguments.ts';
import type { ProfileName } from '../../sim/redis/profile.ts';
import type { Catalog, Directive } from './catalog.ts';
import type { ConfigLine } from './conf-file.ts';
import { suggest } from './nearest.ts';
import type { Problems } from './problems.ts';
import type { Note, Position } from './scenario.ts';
import { entries, items, type Tree } from './tree.ts';

const REPLICAOF = new Set(['replicaof', 'slaveof']);

export interface ConfigContext {
  readonly problems: Problems;
  readonly catalog: Catalog;
  readonly notes: Map<string, Note>;
}

/** A server's configuration file in the making, and the master it names. */
export interface Config {
  readonly lines: Map<string, readonly string[]>;
  replicaof: ConfigLine | null;
}

/** What every server has unless its scenario says otherwise (CONTRACT section 1, Defaults). */
export function defaultConfig(): Config {
  return {
    lines: new Map([
      ['save', ['']],
      ['appendonly', ['no']],
    ]),
    replicaof: null,
  };
}

/** The lines of a `config:` map: one for a value, several for a list. */
export function configLines(tree: Tree | undefined, problems: Problems): ConfigLine[] {
  return entries(tree).flatMap(({ key, position, value }) =>
    (value.kind === 'list' && value.items.length === 0 ? [] : items(value)).flatMap(
      (item) => lineOf(key, position, item, problems) ?? [],
    ),
  );
}

/** A directive's line with one of its values; undefined where that is none. */
export function lineOf(
  directive: string,
  position: Position,
  value: Tree,
  problems: Problems,
): ConfigLine | undefined {
  if (value.kind !== 'scalar' || value.value === null) {
    problems.report(
      value.position,
      `"${directive}" needs a value`,
      `an empty one is written ${directive}: ""`,
    );
    return undefined;
  }
  const args = value.text === '' ? [''] : splitArguments(Buffer.from(value.text, 'utf8').toString('latin1'));
  if (args !== undefined) return { directive, args, position, valuePosition: value.position };
  problems.report(value.position, 'the quotes in this value do not match');
  return undefined;
}

/** Adds one source's lines to a configuration, checking each against the version's directives. */
export function applyConfig(
  config: Config,
  lines: readonly ConfigLine[],
  profile: ProfileName,
  context: ConfigContext,
): void {
  const fresh = new Map<string, { directive: Directive; values: string[] }>();
  for (const line of lines) {
    if (REPLICAOF.has(line.directive.toLowerCase())) {
      config.replicaof = line;
      continue;
    }
    const directive = checkLine(line, profile, context);
    if (directive === null) continue;
    const value = lineText(line.args);
    const before = fresh.get(directive.name);
    if (before !== undefined && directive.repeatable) before.values.push(value);
    else fresh.set(directive.name, { directive, values: [value] });
  }
  for (const [name, { directive, values }] of fresh) {
    // A later source adds to what an earlier one said, except that its points to save at are all there are.
    const before = directive.repeatable && name !== 'save' ? (config.lines.get(name) ?? []) : [];
    config.lines.set(name, [...before, ...values]);
  }
}

/** Arguments as one line, such that splitting it gives them again; one argument stands as it is. */
function lineText(args: readonly string[]): string {
  if (args.length === 1) return args[0]!;
  return args.map((arg) => (/^[^\s"'\\]+$/.test(arg) ? arg : `"${arg.replace(/["\\]/g, '\\$&')}"`)).join(' ');
}

/** Refuses a list where a directive has one line only. */
export function refuseLists(tree: Tree | undefined, profile: ProfileName, context: ConfigContext): void {
  for (const { key, value } of entries(tree)) {
    if (value.kind !== 'list') continue;
    if (context.catalog.lookupDirective(key, profile)?.repeatable !== false) continue;
    const hint = `several arguments are one text: ${key}: "a b"`;
    context.problems.report(value.position, `"${key}" cannot stand several times`, hint);
  }
}

/** The directive of a line, or null where there is none or its value is wrong. */
function checkLine(line: ConfigLine, profile: ProfileName, context: ConfigContext): Directive | null {
  const { catalog, problems } = context;
  const directive = catalog.lookupDirective(line.directive.toLowerCase(), profile);
  if (directive === undefined || !directive.inFile) {
    const hint = suggest(line.directive, catalog.directiveNames(profile));
    problems.report(line.position, `${profile} has no directive "${line.directive.slice(0, 60)}"`, hint);
    return null;
  }
  if (directive.name === 'include') {
    problems.report(
      line.position,
      'an include is not followed',
      'put its directives here, or name the file in conf:',
    );
    return null;
  }
  const fault = directive.check(line.args);
  if (fault !== null) problems.report(line.valuePosition, `${directive.name}: ${fault}`);
  if (!directive.effect && !context.notes.has(directive.name)) {
    const message = `${directive.name} has no effect in the simulation`;
    context.notes.set(directive.name, { position: line.position, message });
  }
  return directive;
}
