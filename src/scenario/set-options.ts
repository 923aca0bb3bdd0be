import { splitArguments } from '../../sim/redis/commands/split-arguments.ts';
import type { NodeNames } from './groups.ts';
import { suggest } from './nearest.ts';
import { isWrong, optionPosition, type Problems, type Wrong, wrong } from './problems.ts';
import type { LinkEntry } from './resolve-links.ts';
import type { ConfigOverride } from './resolve-nodes.ts';
import type { Position } from './scenario.ts';

const LINK_KEYS = ['latency', 'rtt', 'jitter', 'loss', 'bandwidth'];

/** What `--set` changes: directives of nodes and values of links, later options after earlier ones. */
export interface Overrides {
  readonly configs: ConfigOverride[];
  readonly links: LinkEntry[];
}

/** Reads `NODE.directive=value`, `all.repl-timeout=10`, `A<->B.latency=75ms` and `default.loss=1%`. */
export function parseSetOptions(options: readonly string[], names: NodeNames, problems: Problems): Overrides {
  const overrides: Overrides = { configs: [], links: [] };
  for (const option of options) {
    const position = optionPosition('--set', option);
    const fault = parseSetOption(option, position, names, overrides);
    if (fault !== null) problems.reportWrong(position, fault);
  }
  return overrides;
}

function parseSetOption(option: string, position: Position, names: NodeNames, into: Overrides): Wrong | null {
  const equals = option.indexOf('=');
  const dot = option.lastIndexOf('.', equals);
  if (equals === -1 || dot <= 0) {
    return wrong('this changes nothing', "as in --set A.repl-backlog-size=1mb or --set 'A<->B.latency=75ms'");
  }
  const target = option.slice(0, dot).trim();
  const key = option.slice(dot + 1, equals).trim();
  const text = option.slice(equals + 1).trim();
  if (target === 'default' || /->|\|/.test(target)) {
    if (!LINK_KEYS.includes(key)) return wrong(`a link has no "${key}"`, suggest(key, LINK_KEYS));
    const scalar = { kind: 'scalar' as const, position, value: text, text };
    into.links.push({
      key: target,
      position,
      value: { kind: 'map', position, entries: [{ key, position, value: scalar }] },
    });
    return null;
  }
  const nodes = names.groups(target);
  if (isWrong(nodes)) return nodes;
  const args = text === '' ? [''] : splitArguments(Buffer.from(text, 'utf8').toString('latin1'));
  if (args === undefined) return wrong('the quotes in this value do not match');
  into.configs.push({ nodes, line: { directive: key, args, position, valuePosition: position } });
  return null;
}
