import { commandNames, lookupCommand } from '../../sim/redis/commands/command-table.ts';
import { directiveNames, lookupDirective } from '../../sim/redis/config/config-table.ts';
import type { Catalog } from './catalog.ts';

/** The commands and directives of the simulated Redis. */
export const redisCatalog: Catalog = { lookupCommand, commandNames, lookupDirective, directiveNames };
