import { MUTANTS } from '../../sim/mutants/index.ts';
import { PROFILES, type ProfileName } from '../../sim/redis/profile.ts';
import { DECISION_LANDMARKS } from '../coverage/decision-landmarks.ts';
import { lookUp } from '../explain/glossary.ts';
import { DRAWN } from '../nemesis/faults.ts';
import { INFO_FIELDS, type InfoField, SLAVE_PARTS } from '../scenario/info-fields.ts';
import { BIT_RATES, SIZE_UNITS, TIME_UNITS } from '../scenario/units.ts';
import { code, markdownTable, type Regions } from './regions.ts';
import type { Sources } from './sources.ts';

/** The tables of names that values of a scenario can have, made of the lists that the program goes by. */
export function catalogues(sources: Sources): Regions {
  return {
    units: units(),
    profiles: profiles(),
    decisions: decisions(sources),
    'INFO fields': infoFields(),
    'replication states': replStates(),
    'faults of a nemesis': markdownTable(
      ['fault', 'what is drawn'],
      Object.entries(DRAWN).map(([name, what]) => [code(name), what]),
    ),
    invariants: markdownTable(
      ['invariant', 'what always holds'],
      sources.invariants.map(({ name, about }) => [code(name), about]),
    ),
    mutants: markdownTable(
      ['mutant', 'what goes wrong without the rule', 'rule since'],
      MUTANTS.map(({ name, story, reference }) => [
        code(name),
        story,
        /since (.*)/.exec(reference)?.[1] ?? '',
      ]),
    ),
  };
}

function units(): string {
  const names = (table: object) => Object.keys(table).filter((unit) => unit !== '');
  const sizes = names(SIZE_UNITS).map((unit) => {
    const bytes = SIZE_UNITS[unit]!;
    return `${code(unit)}${bytes === 1 ? '' : ` (${bytes.toLocaleString('en')})`}`;
  });
  return markdownTable(
    ['kind', 'written', 'units'],
    [
      ['duration', '`250ms` `1.5s`', names(TIME_UNITS).map(code).join(' ')],
      ['size', '`16kb` `4mb` `100`', sizes.join(' ')],
      ['rate', '`200mb/s`', 'a size and `/s`'],
      ['bandwidth', '`10gbps` `125mb/s`', `${names(BIT_RATES).map(code).join(' ')}, or a rate`],
      ['percentage', '`20%` `0.5%`', ''],
    ],
  );
}

function profiles(): string {
  const rows = Object.values(PROFILES).map(({ name, version, rdbVersion }) => [
    code(name),
    `redis-server ${version}`,
    String(rdbVersion),
  ]);
  return markdownTable(['profile', 'behaves as', 'writes RDB version'], rows);
}

function decisions({ lesson }: Sources): string {
  const rows = DECISION_LANDMARKS.map(({ name, when, profiles: only }) => {
    const [entry] = lookUp(name);
    return [
      code(name),
      `${when}${onlyIn(only)}`,
      entry?.means ?? '',
      entry?.lesson ? lesson(entry.lesson) : '',
    ];
  });
  return markdownTable(['decision', 'when', 'what it means', 'lesson'], rows);
}

function infoFields(): string {
  const row = (name: string, { kind, values, about, profiles: only }: InfoField) => [
    code(name),
    values?.map(code).join(' ') ?? kind,
    `${about}${onlyIn(only)}`,
  ];
  const parts = Object.entries(SLAVE_PARTS).map(([part, field]) => row(`slave(B).${part}`, field));
  return markdownTable(
    ['field', 'value', 'what it tells'],
    [...INFO_FIELDS.map((field) => row(field.name, field)), ...parts],
  );
}

function onlyIn(only: readonly ProfileName[] | undefined): string {
  const all = Object.keys(PROFILES).length;
  return only === undefined || only.length === all ? '' : ` (${only.join(', ')} only)`;
}

/** In the order in which a replica passes through them; a version that has no such state has an empty cell. */
function replStates(): string {
  const columns = Object.values(PROFILES).map(({ replStateNames }) => replStateNames);
  const rows = columns[0]!.map((_, state) =>
    columns.map((names) => (names[state] ? code(names[state]) : '')),
  );
  return markdownTable(Object.keys(PROFILES), rows);
}
