import { replStateNumber } from '../../../sim/redis/server.ts';
import type { SimulatedWorld } from '../../../sim/simulated-world.ts';
import type { Condition } from '../../scenario/scenario.ts';
import { type Fields, fieldName } from '../fields.ts';
import { type LineCounter, type Logbook, patternText } from '../logbook.ts';

/** A condition made ready to be asked often. Log lines count from `arm` on. */
export interface CompiledCondition {
  /** The nodes whose events can change the answer. */
  readonly nodes: readonly number[];
  holds(): boolean;
  arm(): void;
  disarm(): void;
  /** What is asked for, and what is so now. */
  wanted(): string;
  actual(): string;
}

/** What conditions are asked of. */
export interface ConditionScope {
  readonly fields: Fields;
  readonly logbook: Logbook;
  readonly world: () => SimulatedWorld;
}

export function compileCondition(condition: Condition, scope: ConditionScope): CompiledCondition {
  switch (condition.kind) {
    case 'info':
      return infoCondition(condition, scope);
    case 'repl_state':
      return replStateCondition(condition, scope);
    case 'log':
      return logCondition(condition, scope);
    case 'not':
      return negation(compileCondition(condition.of, scope));
    case 'all':
    case 'any':
      return combination(
        condition.kind,
        condition.of.map((part) => compileCondition(part, scope)),
      );
  }
}

const nothing = (): void => {};

function infoCondition(
  condition: Condition & { kind: 'info' },
  { fields }: ConditionScope,
): CompiledCondition {
  const node = fields.node(condition.node);
  const { has } = condition;
  const nodes = new Set([node]);
  for (const { test } of has) if (test.kind === 'other') nodes.add(fields.node(test.node));
  return {
    nodes: [...nodes],
    holds: () => fields.allHold(node, has),
    arm: nothing,
    disarm: nothing,
    wanted: () => has.map((test) => fields.expected(condition.node, test)).join(' and '),
    actual: () =>
      has
        .filter((test) => !fields.holds(node, test))
        .map(
          (test) =>
            `${condition.node} ${fieldName(test.field)} was ${fields.actual(condition.node, test.field)}`,
        )
        .join(', ') || `${condition.node} had it`,
  };
}

function replStateCondition(
  condition: Condition & { kind: 'repl_state' },
  { fields, world }: ConditionScope,
): CompiledCondition {
  const node = fields.node(condition.node);
  const state = replStateNumber(condition.state);
  return {
    nodes: [node],
    holds: () => world().server(node)?.replState === state,
    arm: nothing,
    disarm: nothing,
    wanted: () => `${condition.node} repl_state ${condition.state}`,
    actual: () => {
      const server = world().server(node);
      if (server === null) return `${condition.node} was down`;
      const { replStateNames } = world().profile(node);
      return `${condition.node} repl_state was ${replStateNames[server.replState] ?? server.replState}`;
    },
  };
}

function logCondition(condition: Condition & { kind: 'log' }, scope: ConditionScope): CompiledCondition {
  const node = scope.fields.node(condition.node);
  let counter: LineCounter | null = null;
  return {
    nodes: [node],
    holds: () => counter !== null && counter.count > 0,
    arm: () => {
      counter ??= scope.logbook.open(node, condition.pattern);
    },
    disarm: () => {
      if (counter !== null) scope.logbook.close(node, counter);
      counter = null;
    },
    wanted: () => `a line with ${patternText(condition.pattern)} in the log of ${condition.node}`,
    actual: () => {
      if (counter !== null && counter.count > 0) return `${condition.node} wrote it`;
      const last = scope.logbook.lastLine(node);
      return last === ''
        ? `${condition.node} wrote nothing at all`
        : `${condition.node} wrote none since; its last line was "${last}"`;
    },
  };
}

function negation(part: CompiledCondition): CompiledCondition {
  return {
    ...part,
    holds: () => !part.holds(),
    wanted: () => `not ${part.wanted()}`,
  };
}

function combination(kind: 'all' | 'any', parts: readonly CompiledCondition[]): CompiledCondition {
  return {
    nodes: [...new Set(parts.flatMap((part) => part.nodes))],
    holds: () => (kind === 'all' ? parts.every((part) => part.holds()) : parts.some((part) => part.holds())),
    arm: () => {
      for (const part of parts) part.arm();
    },
    disarm: () => {
      for (const part of parts) part.disarm();
    },
    wanted: () => parts.map((part) => part.wanted()).join(kind === 'all' ? ' and ' : ' or '),
    actual: () =>
      parts
        .filter((part) => kind === 'any' || !part.holds())
        .map((part) => part.actual())
        .join(', '),
  };
}
