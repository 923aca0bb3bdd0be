import { expect, test } from 'vitest';
import { Command } from '../../sim/redis/networking/bytes.ts';
import { AddressBook } from './address-book.ts';
import { CLOSED_PORT } from './ports.ts';

const book = new AddressBook(
  [6379, 7000],
  [20_001, 20_002],
  [
    [20_011, 20_012],
    [20_021, 20_022],
  ],
);

test('a node is told the proxy from itself to the node it is to follow', () => {
  const told = (from: number, ...argv: string[]): readonly string[] =>
    book.command(from, new Command(argv)).argv;
  expect(told(0, 'REPLICAOF', '10.0.0.2', '7000')).toEqual(['REPLICAOF', '127.0.0.1', '20012']);
  expect(told(1, 'slaveof', '10.0.0.2', '7000')).toEqual(['slaveof', '127.0.0.1', '20022']);
  expect(told(0, 'REPLICAOF', '10.255.255.254', '6379')).toEqual([
    'REPLICAOF',
    '127.0.0.1',
    String(CLOSED_PORT),
  ]);
  expect(told(0, 'FAILOVER', 'TO', '10.0.0.2', '7000', 'TIMEOUT', '5')).toEqual([
    'FAILOVER',
    'TO',
    '127.0.0.1',
    '20002',
    'TIMEOUT',
    '5',
  ]);
  expect(told(0, 'FAILOVER')).toEqual(['FAILOVER']);
  expect(told(0, 'REPLICAOF', 'NO', 'ONE')).toEqual(['REPLICAOF', 'NO', 'ONE']);
  expect(told(0, 'SET', '10.0.0.2', '7000')).toEqual(['SET', '10.0.0.2', '7000']);
});

test('what servers say of ports of nodes and proxies is told on in addresses of the simulation', () => {
  expect(book.text('Connecting to MASTER 127.0.0.1:20012')).toBe('Connecting to MASTER 10.0.0.2:7000');
  expect(book.text('Replica 127.0.0.1:20001 asks for synchronization')).toBe(
    'Replica 10.0.0.1:6379 asks for synchronization',
  );
  expect(book.text('slave0:ip=127.0.0.1,port=20002,state=online')).toBe(
    'slave0:ip=10.0.0.2,port=7000,state=online',
  );
  expect(book.text('master_host:127.0.0.1\r\nmaster_port:20021\r\nx')).toBe(
    'master_host:10.0.0.1\r\nmaster_port:6379\r\nx',
  );
  expect(book.text('a client at 127.0.0.1:40000')).toBe('a client at 127.0.0.1:40000');
});

test('a reply has the lengths of what it tells on', () => {
  const address = 'ip=127.0.0.1,port=20002';
  const simulated = 'ip=10.0.0.2,port=7000';
  const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
  expect(book.reply(bulk(address))).toBe(bulk(simulated));
  expect(book.reply(`*2\r\n${bulk(`a$3\r\n${address}`)}:1\r\n`)).toBe(
    `*2\r\n${bulk(`a$3\r\n${simulated}`)}:1\r\n`,
  );
  expect(book.reply('-ERR 127.0.0.1:20002 is away\r\n')).toBe('-ERR 10.0.0.2:7000 is away\r\n');
  expect(book.reply('$500\r\n127.0.0.1:20002')).toBe('$500\r\n10.0.0.2:7000');
});
