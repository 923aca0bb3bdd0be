/** A server's state contradicts itself: what serverAssert stops Redis for. */
export class ServerAssertionError extends Error {
  override readonly name = 'ServerAssertionError';
}

/** Throws where the condition does not hold (debug.c serverAssert). */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new ServerAssertionError(message);
}
