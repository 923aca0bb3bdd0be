import { type Bytes, join } from './bytes.ts';

/** A first-in first-out buffer of bytes: a query buffer, an output buffer. Plain data. */
export interface ByteQueue {
  /** What it holds, oldest first, from index `head` on. */
  chunks: Bytes[];
  head: number;
  /** Bytes in it. */
  length: number;
}

/** How many spent places the front of a queue may keep before they are given back. */
const SPENT_LIMIT = 64;

/** An empty queue. */
export function byteQueue(): ByteQueue {
  return { chunks: [], head: 0, length: 0 };
}

/** Forgets everything in the queue. */
export function clear(queue: ByteQueue): void {
  queue.chunks = [];
  queue.head = 0;
  queue.length = 0;
}

/** Appends bytes; parts of one whole that arrive one after another become that whole again. */
export function append(queue: ByteQueue, bytes: Bytes): void {
  if (bytes.length === 0) return;
  const { chunks } = queue;
  const last = chunks.length > queue.head ? chunks[chunks.length - 1] : undefined;
  const joined = last === undefined ? undefined : join(last, bytes);
  if (joined === undefined) chunks.push(bytes);
  else chunks[chunks.length - 1] = joined;
  queue.length += bytes.length;
}

/** The oldest chunk, or undefined when the queue is empty. */
export function first(queue: ByteQueue): Bytes | undefined {
  return queue.chunks[queue.head];
}

/** Removes the oldest `count` bytes, of which there must be so many. */
export function drop(queue: ByteQueue, count: number): void {
  queue.length -= count;
  const { chunks } = queue;
  while (count > 0) {
    const chunk = chunks[queue.head]!;
    if (count < chunk.length) {
      chunks[queue.head] = chunk.slice(count, chunk.length);
      return;
    }
    count -= chunk.length;
    queue.head++;
  }
  if (queue.head === chunks.length) {
    // A short array is emptied in place: most queues hold one chunk at a time.
    if (chunks.length > SPENT_LIMIT) queue.chunks = [];
    else while (chunks.length > 0) chunks.pop();
    queue.head = 0;
  } else if (queue.head > SPENT_LIMIT && queue.head * 2 > chunks.length) {
    chunks.splice(0, queue.head);
    queue.head = 0;
  }
}

/** The oldest `count` bytes spelled out, or all of them where there are fewer. */
export function peekText(queue: ByteQueue, count: number): string {
  let text = '';
  for (let i = queue.head; i < queue.chunks.length && text.length < count; i++) {
    text += queue.chunks[i]!.text();
  }
  return text.length > count ? text.slice(0, count) : text;
}
