import { sanitizeLine } from '../../terminal/sanitize.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
/** Halves of characters and the two code points that no XML may hold. */
const NO_XML = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]|[\ufffe\uffff]/g;

/** Any text as the text or attribute of an element of XML or HTML, on one line; what XML cannot hold is spelled out. */
export function escapeXml(text: string): string {
  return sanitizeLine(text)
    .replace(NO_XML, '\ufffd')
    .replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
