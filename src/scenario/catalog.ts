import type { ProfileName } from '../../sim/redis/profile.ts';

/** What a version of Redis has, and what of it is simulated: commands and directives by name. */
export interface Catalog {
  /** Undefined where that Redis has no such command. A negative arity is a minimum; the name counts. */
  lookupCommand(
    name: string,
    profile: ProfileName,
  ): { readonly simulated: boolean; readonly arity: number } | undefined;
  commandNames(profile: ProfileName): readonly string[];
  /** Undefined where that Redis has no such directive, under its old or its new name. */
  lookupDirective(name: string, profile: ProfileName): Directive | undefined;
  directiveNames(profile: ProfileName): readonly string[];
}

export interface Directive {
  /** Its name in that version. */
  readonly name: string;
  /** Whether the simulation heeds it. */
  readonly effect: boolean;
  /** Whether each line of it adds to those before. */
  readonly repeatable: boolean;
  /** Whether a configuration file may have it. */
  readonly inFile: boolean;
  /** What is wrong with the words of one line, or null. */
  check(words: readonly string[]): string | null;
}
