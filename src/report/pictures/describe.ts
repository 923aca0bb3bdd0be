import type { OffsetScene, SceneRow } from './scene.ts';

/** What the picture shows, in sentences: for those who cannot see it. */
export function describeScene({ heading, verdict, rows, request }: OffsetScene): string {
  const sentences = [`${heading}.`, ...rows.flatMap(rowSentence)];
  if (request !== null && request.meets !== null) {
    const span = request.span === null ? '' : ` (${request.span.text})`;
    sentences.push(`The request of ${rows[request.from]!.name} meets: ${request.meets}${span}.`);
  }
  if (verdict !== null) sentences.push(`So: ${verdict}.`);
  return sentences.join(' ');
}

function rowSentence({ name, role, ids, backlog, fence, without }: SceneRow): string[] {
  if (without === '') return [];
  const who = ids === '' ? `${name}, ${role}` : `${name}, ${role} (${ids})`;
  const fenced = fence === null ? '' : `, fence at byte ${fence}`;
  if (backlog === null) return [`${who}: ${without}${fenced}.`];
  const { from, until, segments } = backlog;
  if (from === until) return [`${who}: an empty backlog, its next byte is ${from}${fenced}.`];
  const held = segments.map((one) => `bytes ${one.from} to ${one.until - 1} of ${one.history.name}`);
  return [`${who}: ${held.join(' and ')} in its backlog${fenced}.`];
}
