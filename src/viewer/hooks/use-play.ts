import { useEffect, useRef, useState } from 'preact/hooks';

/** Milliseconds of the reader's time from one shown moment to the next. */
const PACE = 700;

/** Goes on by itself while it plays; `advance` says whether there was anywhere to go. */
export function usePlay(advance: () => boolean): [playing: boolean, toggle: () => void] {
  const [playing, setPlaying] = useState(false);
  const next = useRef(advance);
  next.current = advance;
  useEffect(() => {
    if (!playing) return;
    const timer = setInterval(() => {
      if (!next.current()) setPlaying(false);
    }, PACE);
    return () => clearInterval(timer);
  }, [playing]);
  return [playing, () => setPlaying((was) => !was)];
}
