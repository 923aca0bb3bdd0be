import type { Mutant } from './mutant.ts';

/** A replica shows what its master has not deleted yet. */
export const noExpireMask: Mutant = {
  name: 'no-expire-mask',
  story:
    'A replica deletes no key of its own accord; it waits for the DEL of its master. If it does not hide meanwhile what ' +
    'has expired, its clients read values that are not to be read any more.',
  reference: 'since 3.2-rc1 (06e76bc3e)',
  rules: () => ({ hidesExpired: ({ server }) => server.masterhost === null }),
};
