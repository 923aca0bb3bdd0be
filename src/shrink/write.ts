import { Document, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Plain } from '../scenario/tree.ts';
import type { PlainScenario } from './plain-scenario.ts';
import type { Shrunk } from './shrink.ts';

/** Keys in the order in which a scenario is read. */
const ORDER = [
  'name',
  'profile',
  'mutants',
  'seed',
  'duration',
  'nodes',
  'links',
  'clients',
  'workload',
  'timeline',
  'expect',
];
const WIDTH = 110;

/** The shrunk scenario as a file to commit: what fails and where it came from stand in front of it. */
export function writeShrunk({ scenario, failure, isMinimal }: Shrunk, origin: string): string {
  const head = [
    `# ${failure.kind}: ${failure.message}`,
    `# Made smaller from ${origin}.`,
    ...(isMinimal ? [] : ['# The time was up before it was as small as it gets.']),
  ];
  return `${head.map(oneLine).join('\n')}\n${yamlOf(scenario)}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

function yamlOf(scenario: PlainScenario): string {
  const keys = Object.keys(scenario).sort((a, b) => rank(a) - rank(b));
  const document = new Document(Object.fromEntries(keys.map((key) => [key, scenario[key] as Plain])));
  if (isMap(document.contents))
    for (const { value } of document.contents.items) entriesInLines(value as Node);
  return document.toString({ lineWidth: WIDTH, flowCollectionPadding: true });
}

function rank(key: string): number {
  return (ORDER.indexOf(key) + 1 || ORDER.length + 1) - 1;
}

/** A list or a map stands in lines of its own, what is in it in one line each; a list of words in one. */
function entriesInLines(value: Node): void {
  if (isSeq(value) && value.items.every((item) => isScalar(item))) value.flow = true;
  else if (isSeq(value)) for (const item of value.items) inOneLine(item as Node);
  if (isMap(value)) for (const { value: inner } of value.items) inOneLine(inner as Node);
}

function inOneLine(node: Node): void {
  if (isMap(node) || isSeq(node)) node.flow = true;
}
