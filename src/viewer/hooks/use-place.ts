import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { addressOf, decisionAt, type Place, placeIn } from '../model/place.ts';
import type { TraceIndex } from '../model/trace-index.ts';

/** A step replaces the address, a jump can be undone with the browser's back button. */
export type Going = 'step' | 'jump';
export type Go = (moment: number, going?: Going, decision?: number) => void;

/** Browsers refuse pages that write their address too often. */
const ADDRESS_DELAY = 150;

/** The place as the address has it, and how to go elsewhere. */
export function usePlace(index: TraceIndex): [Place, Go] {
  const [place, setPlace] = useState(() => placeIn(location.hash, index));
  const now = useRef(place);
  const writing = useRef<number | undefined>(undefined);

  const go = useCallback<Go>(
    (moment, going = 'step', decision = decisionAt(index, moment) ?? now.current.decision) => {
      const next = { moment: Math.max(0, Math.min(index.length - 1, moment)), decision };
      clearTimeout(writing.current);
      if (going === 'jump') {
        write('replaceState', now.current, index);
        write('pushState', next, index);
      } else {
        writing.current = setTimeout(() => write('replaceState', next, index), ADDRESS_DELAY);
      }
      now.current = next;
      setPlace(next);
    },
    [index],
  );

  useEffect(() => {
    const moved = (): void => {
      clearTimeout(writing.current);
      now.current = placeIn(location.hash, index);
      setPlace(now.current);
    };
    addEventListener('popstate', moved);
    addEventListener('hashchange', moved);
    return () => {
      removeEventListener('popstate', moved);
      removeEventListener('hashchange', moved);
    };
  }, [index]);
  return [place, go];
}

function write(how: 'replaceState' | 'pushState', place: Place, index: TraceIndex): void {
  const address = addressOf(place, index);
  if (location.hash !== address) history[how](null, '', address);
}
