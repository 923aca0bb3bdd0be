/** What a document has made of the code, by the name of its region. */
export type Regions = Readonly<Record<string, string>>;

const REGION = /^<!-- generated: (.+) -->$[\s\S]*?^<!-- end -->$/gm;

/** The document with its regions made anew, each between `<!-- generated: NAME -->` and `<!-- end -->`. */
export function renewRegions(document: string, regions: Regions): string {
  return document.replace(REGION, (_, name: string) => {
    const text = Object.hasOwn(regions, name) ? regions[name] : undefined;
    if (text === undefined) throw new Error(`nothing is generated under the name "${name}"`);
    return `<!-- generated: ${name} -->\n\n${text.trimEnd()}\n\n<!-- end -->`;
  });
}

/** The names of a document's regions, in its order. */
export function regionNames(document: string): string[] {
  return [...document.matchAll(REGION)].map(([, name]) => name!);
}

/** A Markdown table. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows.map((row) => row.map(cell))];
  return `${lines.map((line) => `| ${line.join(' | ')} |`).join('\n')}\n`;
}

/** A bar would end the cell, in code too. */
function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

export function code(text: string): string {
  return `\`${text}\``;
}

/** The anchor of a heading, as GitHub makes it. */
export function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
