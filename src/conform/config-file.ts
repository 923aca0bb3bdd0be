import { lookupDirective } from '../../sim/redis/config/config-table.ts';
import type { ProfileName } from '../../sim/redis/profile.ts';

/** What belongs to the place where a process runs, and not to the scenario. */
const OURS: ReadonlySet<string> = new Set([
  'bind',
  'port',
  'dir',
  'logfile',
  'loglevel',
  'daemonize',
  'supervised',
  'pidfile',
  'protected-mode',
  'unixsocket',
  'syslog-enabled',
  'include',
  'loadmodule',
  'enable-debug-command',
]);

/** Without it Redis 7 refuses DEBUG; Redis 5 refuses to start with it. */
const DEBUG_ALLOWED = 'enable-debug-command yes';

export interface FileSettings {
  readonly profile: ProfileName;
  readonly port: number;
  readonly directory: string;
  /** The port on which it finds its master, or null. */
  readonly masterPort: number | null;
  readonly config: ReadonlyMap<string, readonly string[]>;
}

/** The text of the redis.conf with which a node's process first starts. */
export function configFile(settings: FileSettings): string {
  const { profile, port, directory, masterPort, config } = settings;
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `dir "${directory}"`,
    'logfile ""',
    'loglevel debug',
    'save ""',
    ...(profile === 'redis-7.0' ? [DEBUG_ALLOWED] : []),
  ];
  for (const [name, values] of config) lines.push(...directiveLines(name, values));
  if (masterPort !== null) lines.push(`replicaof 127.0.0.1 ${masterPort}`);
  return `${lines.join('\n')}\n`;
}

/**
 * The file as `start:` changes it: each directive takes the place of all lines of its names. `masterPort`
 * undefined leaves the master, null makes the node one itself. `profile` is the version that is to read it.
 */
export function changedFile(
  text: string,
  profile: ProfileName,
  config: ReadonlyMap<string, readonly string[]>,
  masterPort: number | null | undefined,
): string {
  const replaced = new Set([...config.keys()].map((name) => canonical(name, profile)));
  if (masterPort !== undefined) replaced.add(canonical('replicaof', profile));
  const kept = text.split('\n').filter((line) => {
    const name = /^\s*([A-Za-z0-9-]+)\s/.exec(line)?.[1];
    return (
      line.trim() !== '' &&
      name !== 'enable-debug-command' &&
      (name === undefined || OURS.has(name) || !replaced.has(canonical(name, profile)))
    );
  });
  if (profile === 'redis-7.0') kept.push(DEBUG_ALLOWED);
  for (const [name, values] of config) kept.push(...directiveLines(name, values));
  if (typeof masterPort === 'number') kept.push(`replicaof 127.0.0.1 ${masterPort}`);
  return `${kept.join('\n')}\n`;
}

/** The password that a configuration asks of clients, or null. */
export function passwordIn(text: string): string | null {
  const found = /^\s*requirepass\s+(?:"([^"]*)"|(\S+))\s*$/m.exec(text);
  const password = found?.[1] ?? found?.[2] ?? '';
  return password === '' ? null : password;
}

/** The password that a CONFIG SET gives a server, or null. */
export function passwordSetBy(argv: readonly string[]): string | null {
  if (argv[0]?.toLowerCase() !== 'config' || argv[1]?.toLowerCase() !== 'set') return null;
  for (let i = 2; i + 1 < argv.length; i += 2) {
    if (argv[i]!.toLowerCase() === 'requirepass' && argv[i + 1] !== '') return argv[i + 1]!;
  }
  return null;
}

function directiveLines(name: string, values: readonly string[]): string[] {
  if (OURS.has(name.toLowerCase())) return [];
  return values.map((value) => `${name} ${value === '' ? '""' : value}`);
}

function canonical(name: string, profile: ProfileName): string {
  return lookupDirective(name, profile)?.name ?? name.toLowerCase();
}
