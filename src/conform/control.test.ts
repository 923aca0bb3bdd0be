import { createServer, type Server } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { LOCALHOST } from '../../sim/network/address.ts';
import { Control } from './control.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that answers +PONG once a client has given the password; its port, and the passwords it was given. */
async function guarded(password: string): Promise<{ port: number; given: string[] }> {
  const given: string[] = [];
  const server = createServer((socket) => {
    let open = false;
    socket.setEncoding('latin1');
    socket.on('data', (text) => {
      const [name, argument = ''] = [...String(text).matchAll(/\$\d+\r\n([^\r]*)\r\n/g)].map(
        (found) => found[1]!,
      );
      if (name === 'AUTH') {
        given.push(argument);
        open = argument === password;
        socket.write(open ? '+OK\r\n' : '-ERR invalid password\r\n');
      } else socket.write(open ? '+PONG\r\n' : '-NOAUTH Authentication required.\r\n');
    });
    socket.on('error', () => {});
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, LOCALHOST, resolve));
  return { port: (server.address() as { port: number }).port, given };
}

test('a server that asks for a password is given those that are known by then, until one is right', async () => {
  const { port, given } = await guarded('second');
  const passwords = ['first'];
  const control = new Control(port, () => passwords);
  expect((await control.ask('PING'))?.text).toBe('-NOAUTH Authentication required.');
  passwords.push('second', 'third');
  expect((await control.ask('PING'))?.text).toBe('+PONG');
  expect((await control.ask('PING'))?.text).toBe('+PONG');
  expect(given).toEqual(['first', 'first', 'second']);
  control.close();
});
