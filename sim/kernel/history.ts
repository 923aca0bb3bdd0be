import { applyPatches, enablePatches, Immer, type Patch } from 'immer';

enablePatches();
/** Freezing would cost as much again and guard nothing: a recorded state is replaced, never written to. */
const immer = new Immer({ autoFreeze: false });

/** Between how many changes a whole state is kept; shared structure makes it cheap. */
const CHECKPOINT_INTERVAL = 128;

/** What one event changed in one subject's state. */
export interface Change {
  /** The event's number in the run. */
  readonly event: number;
  /** Its time in microseconds. */
  readonly time: number;
  readonly patches: readonly Patch[];
}

/**
 * The states that one subject went through, for whoever wants to look back: every change as patches, and a
 * whole state now and then. The functions that change the state are the same as in a run without history; they
 * get a draft of it.
 */
export class History<State extends object> {
  readonly changes: Change[] = [];
  readonly #checkpoints: State[] = [];
  #current: State;

  constructor(initial: State) {
    this.#current = initial;
    this.#checkpoints.push(initial);
  }

  get current(): State {
    return this.#current;
  }

  /** Runs something that writes to a draft of the state; returns the state after it. */
  record(event: number, time: number, run: (draft: State) => void): State {
    const [next, patches] = immer.produceWithPatches(this.#current, (draft) => {
      run(draft as State);
    });
    this.#current = next;
    if (patches.length > 0) {
      this.changes.push({ event, time, patches });
      if (this.changes.length % CHECKPOINT_INTERVAL === 0) this.#checkpoints.push(next);
    }
    return next;
  }

  /** The state after the event of this number, which need not have changed it. */
  after(event: number): State {
    const count = this.#changesUpTo(event);
    const checkpoint = Math.floor(count / CHECKPOINT_INTERVAL);
    let state = this.#checkpoints[checkpoint]!;
    for (let i = checkpoint * CHECKPOINT_INTERVAL; i < count; i++) {
      state = applyPatches(state, this.changes[i]!.patches as Patch[]);
    }
    return state;
  }

  /** How many changes there were up to and with an event. */
  #changesUpTo(event: number): number {
    let low = 0;
    let high = this.changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.changes[middle]!.event <= event) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
