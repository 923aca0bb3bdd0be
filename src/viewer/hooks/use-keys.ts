import { useEffect, useRef } from 'preact/hooks';

export type KeyMap = Readonly<Record<string, () => void>>;

/** Calls what a key means, wherever the focus is, except where that key is needed to write or to press. */
export function useKeys(keys: KeyMap): void {
  const current = useRef(keys);
  current.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      const meaning = Object.hasOwn(current.current, event.key) ? current.current[event.key] : undefined;
      if (meaning === undefined || isOthers(event)) return;
      event.preventDefault();
      meaning();
    };
    document.addEventListener('keydown', pressed);
    return () => document.removeEventListener('keydown', pressed);
  }, []);
}

/** Whether the element with the focus has its own use for the key. */
function isOthers({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('dialog, select, textarea') !== null) return true;
  if (target instanceof HTMLInputElement) {
    if (target.type === 'range') return false;
    return target.type !== 'checkbox' || key === ' ';
  }
  return key === ' ' && target.closest('button, summary, a') !== null;
}
