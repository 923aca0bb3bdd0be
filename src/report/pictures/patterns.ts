/**
 * What lies over the colour of each history, so that none is told by its colour alone: the path of one tile of 8 by 8.
 */
export const HISTORY_PATTERNS: readonly string[] = [
  '',
  'M-2 2L2 -2M0 8L8 0M6 10L10 6',
  'M2 2h.01M6 6h.01M2 1.5v1M6 5.5v1',
  'M2 0v8M6 0v8',
  'M-2 6L2 10M0 0L8 8M6 -2L10 2',
  'M0 2h8M0 6h8',
  'M2 4h4M4 2v4',
  'M0 8L8 0M0 0L8 8',
];
