import type { CommandTemplate } from '../scenario/command-template.ts';
import type { TimelineEntry } from '../scenario/scenario.ts';

/** Whether any command of a timeline is such a one. */
export function sayAny(
  timeline: readonly TimelineEntry[],
  isSuch: (command: CommandTemplate) => boolean,
): boolean {
  return timeline.some(({ action }) => {
    if (action.kind === 'repeat-do') return sayAny(action.entries, isSuch);
    return (action.kind === 'run' || action.kind === 'repeat-run') && action.commands.some(isSuch);
  });
}
