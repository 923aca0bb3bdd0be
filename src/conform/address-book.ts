import { hostIp, LOCALHOST, NOWHERE } from '../../sim/network/address.ts';
import { Command } from '../../sim/redis/networking/bytes.ts';
import { CLOSED_PORT } from './ports.ts';

/**
 * Where things are on loopback, and where they would be in the simulation. Every node has its own port, and
 * every ordered pair a proxy's: what node X is told of node M is the proxy of X → M. What servers say is told on
 * in the simulation's addresses, so that both can be compared as they are.
 */
export class AddressBook {
  readonly #simPorts: readonly number[];
  readonly #ports: readonly number[];
  readonly #proxies: readonly (readonly number[])[];
  readonly #byPort = new Map<number, string>();
  readonly #nodes = new Map<string, number>();

  /** `proxies[x][m]` is the port on which x finds m; `simPorts` are the ports in the simulation. */
  constructor(
    simPorts: readonly number[],
    ports: readonly number[],
    proxies: readonly (readonly number[])[],
  ) {
    this.#simPorts = simPorts;
    this.#ports = ports;
    this.#proxies = proxies;
    ports.forEach((port, node) => {
      this.#byPort.set(port, this.#simulated(node));
      this.#nodes.set(this.#simulated(node), node);
      for (const row of proxies) this.#byPort.set(row[node]!, this.#simulated(node));
    });
    this.#byPort.set(CLOSED_PORT, `${NOWHERE.ip}:${NOWHERE.port}`);
  }

  port(node: number): number {
    return this.#ports[node]!;
  }

  simulated(node: number): { ip: string; port: number } {
    return { ip: hostIp(node), port: this.#simPorts[node]! };
  }

  nodeAt(ip: string, port: number): number | null {
    return this.#nodes.get(`${ip}:${port}`) ?? null;
  }

  /** The real port at which a node finds an address of the simulation. */
  portFor(from: number, ip: string, port: number): number {
    const to = this.nodeAt(ip, port);
    return to === null ? CLOSED_PORT : this.#proxies[from]![to]!;
  }

  /** A command for a node with the addresses in it made real: REPLICAOF and its old name have one, FAILOVER may. */
  command(node: number, command: Command): Command {
    const { argv } = command;
    const name = argv[0]?.toUpperCase();
    if (name === 'FAILOVER') return this.#failover(command);
    if ((name !== 'REPLICAOF' && name !== 'SLAVEOF') || argv.length !== 3) return command;
    const [word, host, port] = argv as [string, string, string];
    if (!/^\d+\.\d+\.\d+\.\d+$/.test(host) || !/^\d+$/.test(port)) return command;
    return new Command([word, LOCALHOST, String(this.portFor(node, host, Number(port)))]);
  }

  /** A replica is named by what it announced to its master: its own port, no proxy's. */
  #failover({ argv }: Command): Command {
    const at = argv.findIndex((arg) => arg.toUpperCase() === 'TO');
    const [host = '', port = ''] = at === -1 ? [] : argv.slice(at + 1);
    const to = this.nodeAt(host, Number(port));
    if (to === null) return new Command(argv);
    return new Command([...argv.slice(0, at + 1), LOCALHOST, String(this.port(to)), ...argv.slice(at + 3)]);
  }

  /** A text of a server with the addresses it names as the simulation has them. */
  text(text: string): string {
    if (!text.includes(LOCALHOST)) return text;
    return text
      .replace(/127\.0\.0\.1:(\d+)/g, (whole, port: string) => this.#byPort.get(Number(port)) ?? whole)
      .replace(/ip=127\.0\.0\.1,port=(\d+)/g, (whole, port: string) => {
        const address = this.#byPort.get(Number(port));
        return address === undefined ? whole : `ip=${address.replace(':', ',port=')}`;
      })
      .replace(/master_host:127\.0\.0\.1(\r?\n)master_port:(\d+)/g, (whole, end: string, port: string) => {
        const address = this.#byPort.get(Number(port));
        return address === undefined ? whole : `master_host:${address.replace(':', `${end}master_port:`)}`;
      });
  }

  /** What a server answers, the same way: a bulk string is as long as the simulation's addresses make it. */
  reply(text: string): string {
    if (!text.includes(LOCALHOST)) return text;
    let told = '';
    let at = 0;
    for (const { index, 0: head, 1: length } of text.matchAll(/\$(\d+)\r\n/g)) {
      const from = index + head.length;
      const to = from + Number(length);
      // One that lies in another, and one of which the rest is still to come.
      if (index < at || to > text.length) continue;
      const body = this.text(text.slice(from, to));
      told += `${this.text(text.slice(at, index))}$${body.length}\r\n${body}`;
      at = to;
    }
    return told + this.text(text.slice(at));
  }

  #simulated(node: number): string {
    return `${hostIp(node)}:${this.#simPorts[node]}`;
  }
}
