/** Where a socket is, or is to be. */
export interface Address {
  readonly ip: string;
  readonly port: number;
}

/** Hosts that are no host of the simulation: who connects from beside one, and whoever owns an unknown ip. */
export const BESIDE = -1;
export const NOBODY = -2;

/** An address that refuses every connection at once. */
export const NOWHERE: Address = { ip: '10.255.255.254', port: 6379 };

export const LOCALHOST = '127.0.0.1';

/** Where the ports begin that the kernel gives to those who connect. */
export const FIRST_EPHEMERAL_PORT = 32_768;
export const LAST_EPHEMERAL_PORT = 60_999;

/** The ip of a host by its number, 0 to 65023. */
export function hostIp(host: number): string {
  const n = host + 1;
  return `10.0.${Math.floor(n / 255)}.${n % 255}`;
}
