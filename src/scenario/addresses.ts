import { hostIp, NOWHERE } from '../../sim/network/address.ts';
import type { NodeNames } from './groups.ts';
import { type Wrong, wrong } from './problems.ts';

export const DEFAULT_PORT = 6379;

/** More nodes than anybody follows, and fewer than there are addresses. */
export const MAX_NODES = 1_000;

/** Where a node listens; ports stand in configurations. */
export interface Addresses {
  readonly names: NodeNames;
  port(name: string): number;
}

/** `REPLICAOF`'s two arguments for a name: a node or `nowhere`. */
export function addressOf(name: string, addresses: Addresses): readonly [host: string, port: string] | Wrong {
  if (name === 'nowhere') return [NOWHERE.ip, String(NOWHERE.port)];
  const { names } = addresses;
  if (names.has(name)) return [hostIp(names.index(name)), String(addresses.port(name))];
  if (name.toLowerCase() === 'no')
    return wrong('"no" alone is no master', 'to end replication: REPLICAOF NO ONE');
  return names.unknown(name);
}

/** The host of an address: a node's name becomes its machine's address, all else stays. */
export function hostOf(host: string, { names }: Addresses): string {
  if (host === 'nowhere') return NOWHERE.ip;
  return names.has(host) ? hostIp(names.index(host)) : host;
}

/**
 * The master that a configuration names: a node, `nowhere`, `no` for none; also as host and port, where the
 * host may be a node's name and must be one of the scenario's machines.
 */
export function parseMaster(args: readonly string[], addresses: Addresses): string | Wrong {
  const { names } = addresses;
  const [host = '', port] = args;
  if (args.length === 2 && host.toLowerCase() === 'no' && port!.toLowerCase() === 'one') return 'no';
  if (args.length === 1) {
    if (host === 'no' || host === 'nowhere' || names.has(host)) return host;
    return names.unknown(host);
  }
  if (args.length !== 2) return wrong('replicaof takes a node, or host and port');
  if (host === NOWHERE.ip) return 'nowhere';
  const node = names.has(host) ? host : names.all.find((name) => hostIp(names.index(name)) === host);
  if (node === undefined)
    return wrong(`no node of this scenario is at ${host.slice(0, 60)}`, 'name the node itself');
  if (String(addresses.port(node)) !== port) {
    return wrong(
      `${node} does not listen on port ${port!.slice(0, 20)}`,
      `it listens on ${addresses.port(node)}`,
    );
  }
  return node;
}
