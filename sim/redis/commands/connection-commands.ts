import { CLIENT_PUBSUB, type Client } from '../networking/client.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyError,
  addReplyLongLong,
  addReplyNull,
  addReplyStatus,
  shared,
} from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { addReplySubcommandSyntaxError } from './arguments.ts';
import { commandNames, flagWords, lookupCommand, type RedisCommand } from './command-table.ts';

/** PING [message]. */
export function pingCommand(redis: Redis, c: Client): void {
  const { argv } = c;
  if (argv.length > 2) {
    addReplyError(redis, c, `wrong number of arguments for '${c.cmd}' command`);
    return;
  }
  const message = argv[1];
  if ((c.flags & CLIENT_PUBSUB) !== 0) {
    addReplyArrayLen(redis, c, 2);
    addReplyBulk(redis, c, 'pong');
    addReplyBulk(redis, c, message ?? '');
  } else if (message === undefined) {
    addReply(redis, c, shared.pong);
  } else {
    addReplyBulk(redis, c, message);
  }
}

/** ECHO message. */
export function echoCommand(redis: Redis, c: Client): void {
  addReplyBulk(redis, c, c.argv[1]!);
}

/** TIME: seconds and microseconds of the wall clock. */
export function timeCommand(redis: Redis, c: Client): void {
  const { system } = redis;
  const micros = system.epochMicros + system.now();
  addReplyArrayLen(redis, c, 2);
  addReplyBulk(redis, c, String(Math.floor(micros / 1_000_000)));
  addReplyBulk(redis, c, String(micros % 1_000_000));
}

/** COMMAND [COUNT | INFO name ...]. */
export function commandCommand(redis: Redis, c: Client): void {
  const { argv } = c;
  const profile = redis.profile.name;
  const subcommand = argv[1]?.toLowerCase();
  if (subcommand === undefined || subcommand === 'info') {
    const names = subcommand === undefined ? commandNames(profile) : argv.slice(2);
    addReplyArrayLen(redis, c, names.length);
    for (const name of names) addReplyCommand(redis, c, lookupCommand(name, profile));
  } else if (subcommand === 'count' && argv.length === 2) {
    addReplyLongLong(redis, c, commandNames(profile).length);
  } else {
    addReplySubcommandSyntaxError(redis, c);
  }
}

function addReplyCommand(redis: Redis, c: Client, command: RedisCommand | undefined): void {
  if (command === undefined) {
    addReplyNull(redis, c);
    return;
  }
  const words = flagWords(command);
  addReplyArrayLen(redis, c, 6);
  addReplyBulk(redis, c, command.name);
  addReplyLongLong(redis, c, command.arity);
  addReplyArrayLen(redis, c, words.length);
  for (const word of words) addReplyStatus(redis, c, word);
  addReplyLongLong(redis, c, command.firstKey);
  addReplyLongLong(redis, c, command.lastKey);
  addReplyLongLong(redis, c, command.keyStep);
}
