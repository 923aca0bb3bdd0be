import type { Trace, TraceDecision } from '../../trace/trace.ts';
import { describeScene } from '../pictures/describe.ts';
import { layOut } from '../pictures/layout.ts';
import { type OffsetScene, offsetScene } from '../pictures/scene.ts';
import { offsetSvg } from '../pictures/svg.ts';
import { plain } from './escape.ts';

/** A picture beside a Markdown file, by its path from there. */
export interface Picture {
  readonly file: string;
  readonly svg: string;
}

/** Draws the pictures of one Markdown file, and gives the lines that show them. */
export class Album {
  readonly pictures: Picture[] = [];
  readonly #folder: string;

  /** `folder` is the one for the pictures, beside the Markdown file. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The line that shows a decision; null where there is nothing to be seen. `part` sets its file apart. */
  decision(trace: Trace, decision: TraceDecision, part: string, hideAnswer = false): string | null {
    const scene = offsetScene(trace, decision.moment, decision, { hideAnswer });
    if (!worthSeeing(scene, decision)) return null;
    const name = `${part}${hideAnswer ? 'question' : 'decision'}-${decision.number}`;
    const file = `${this.#folder}/${name}.svg`;
    this.pictures.push({ file, svg: offsetSvg(layOut(scene), { id: name, standalone: true }) });
    return `![${plain(describeScene(scene))}](${address(file)})`;
  }
}

/** Without a byte anywhere a picture shows nothing, and a refusal is no matter of bytes. */
function worthSeeing({ rows }: OffsetScene, { outcome }: TraceDecision): boolean {
  return outcome !== 'refused' && rows.some(({ offset }) => offset !== null && offset > 0);
}

/** A path as Markdown reads it within parentheses. */
export function address(path: string): string {
  return path
    .split('/')
    .map((part) =>
      encodeURIComponent(part.replace(/\p{Surrogate}/gu, '\ufffd')).replace(
        /[()'*!]/g,
        (sign) => `%${sign.charCodeAt(0).toString(16)}`,
      ),
    )
    .join('/');
}
