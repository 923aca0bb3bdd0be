import { sanitizeLine } from '../../trace/words.ts';

/** The little Markdown of scenario texts: paragraphs and `code`. Everything else stays as it was written. */
export function Prose({ text }: { readonly text: string }) {
  const paragraphs = text.split(/\n\s*\n/).filter((one) => one.trim() !== '');
  return (
    <div class="prose">
      {paragraphs.map((paragraph, i) => (
        <p key={i}>
          {paragraph
            .trim()
            .replace(/\s*\n\s*/g, ' ')
            .split('`')
            .map(withCode)}
        </p>
      ))}
    </div>
  );
}

function withCode(part: string, i: number) {
  return i % 2 === 1 ? <code key={`${i} ${part}`}>{sanitizeLine(part)}</code> : sanitizeLine(part);
}
