import type { RefObject } from 'preact';

const KEYS: readonly (readonly [string, string])[] = [
  ['← →  or  k j', 'step back and on, past what is folded'],
  ['[ ]', 'previous and next decision'],
  ['{ }', 'earlier and later disagreement, the dashes over the bar'],
  ['Home End', 'the first and the last moment'],
  ['space', 'play and pause'],
  ['?', 'this help'],
];

const WORDS: readonly (readonly [string, string])[] = [
  [
    'history',
    'A stream of bytes that one master wrote. Its name is the replication id; A#2 is the second that A made.',
  ],
  ['offset', 'How many bytes of a history a server has: the number of its last byte.'],
  [
    'backlog',
    'The last bytes of the stream that a master keeps, to send them again. It has a size; older bytes are written over.',
  ],
  [
    'PSYNC id n',
    'A replica says: I follow history id, and n is the next byte I want (one more than the last it has).',
  ],
  ['partial', 'The master continues: +CONTINUE, and the missing bytes. Cheap.'],
  ['full', 'The master sends everything anew: +FULLRESYNC, and an RDB file. Expensive.'],
  [
    'fence',
    'second_replid_offset. A promoted server begins a history of its own, but remembers the one it followed: it still serves whoever wants the fence byte or an earlier one next.',
  ],
  [
    'disagreement',
    'Two servers believe different things, because one has not heard yet: a half-open link, two masters.',
  ],
];

/** The keys of the page and the words it uses. */
export function Help({ dialog }: { readonly dialog: RefObject<HTMLDialogElement | null> }) {
  return (
    <dialog ref={dialog} aria-labelledby="help-title">
      <h2 id="help-title">Keys and words</h2>
      <dl class="keys">
        {KEYS.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <dl class="words">
        {WORDS.map(([word, meaning]) => (
          <div key={word}>
            <dt>{word}</dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <form method="dialog">
        <button type="submit">Close</button>
      </form>
    </dialog>
  );
}
