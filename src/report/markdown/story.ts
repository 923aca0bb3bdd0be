import { drawStory } from '../../reporters/story.ts';
import type { StoryEvent } from '../../run/result.ts';
import { createPalette } from '../../terminal/colour.ts';
import { plural } from '../../terminal/format.ts';
import { ENTRY_KINDS, type EntryKind, STORY_KINDS, type Trace } from '../../trace/trace.ts';
import { codeBlock } from './escape.ts';

/** Columns of a block of code that GitHub shows without a scroll bar. */
const COLUMNS = 96;
/** Events told of the beginning and of the end of a story that has more than both. */
const STORY_PART = 60;
const PLAIN = createPalette(false);

/** The kinds of entries that make the story; messages and the words of a log are told elsewhere. */
const KINDS: ReadonlySet<EntryKind> = new Set(STORY_KINDS);

/** What happened, in order, as `run` tells it. */
export function storyOf({ entries, moments, nodes, texts }: Trace): StoryEvent[] {
  return entries.moment.flatMap((moment, i) => {
    const kind = ENTRY_KINDS[entries.kind[i]!]!;
    if (!KINDS.has(kind)) return [];
    const at = moments.at[moment]!;
    return [
      {
        at,
        event: moments.event[moment]!,
        kind: kind as StoryEvent['kind'],
        node: nodes[entries.node[i]!]?.name ?? null,
        text: texts[entries.text[i]!]!,
      },
    ];
  });
}

/** A story as a block of code with a column for each node. */
export function storyBlock(trace: Trace, story: readonly StoryEvent[]): string[] {
  const names = trace.nodes.map(({ name }) => name);
  const draw = (part: readonly StoryEvent[]): string[] => drawStory(part, names, COLUMNS, PLAIN);
  const left = story.length - 2 * STORY_PART;
  if (left <= 0) return codeBlock(draw(story));
  return codeBlock([
    ...draw(story.slice(0, STORY_PART)),
    `           … ${plural(left, 'event')} left out …`,
    ...draw(story.slice(-STORY_PART)).slice(1),
  ]);
}
