import { CLIENT_PUBSUB, type Client } from '../networking/client.ts';
import { addReplyArrayLen, addReplyBulk, addReplyLongLong, addReplyNull } from '../networking/reply.ts';
import type { Redis } from '../system.ts';
import { forceCommandPropagation } from './execute.ts';

/** PUBLISH channel message: goes to the replicas too, whose clients may listen (pubsub.c publishCommand). */
export function publishCommand(redis: Redis, c: Client): void {
  const [, channel, message] = c.argv as [string, string, string];
  const { server } = redis;
  let receivers = 0;
  for (const id of server.pubsubClients) {
    const client = server.clients[id]!;
    if (!client.subscriptions.includes(channel)) continue;
    addReplyArrayLen(redis, client, 3);
    addReplyBulk(redis, client, 'message');
    addReplyBulk(redis, client, channel);
    addReplyBulk(redis, client, message);
    receivers++;
  }
  forceCommandPropagation(c);
  addReplyLongLong(redis, c, receivers);
}

/** SUBSCRIBE channel [channel ...]. */
export function subscribeCommand(redis: Redis, c: Client): void {
  const { pubsubClients } = redis.server;
  for (let i = 1; i < c.argv.length; i++) {
    const channel = c.argv[i]!;
    if (!c.subscriptions.includes(channel)) c.subscriptions.push(channel);
    addReplySubscription(redis, c, 'subscribe', channel);
  }
  if (!pubsubClients.includes(c.id)) pubsubClients.push(c.id);
  c.flags |= CLIENT_PUBSUB;
}

/** UNSUBSCRIBE [channel ...]: from all of them without arguments. */
export function unsubscribeCommand(redis: Redis, c: Client): void {
  if (c.argv.length === 1) {
    pubsubUnsubscribeAllChannels(redis, c, true);
    return;
  }
  for (let i = 1; i < c.argv.length; i++) pubsubUnsubscribeChannel(redis, c, c.argv[i]!, true);
}

/** Ends all of a client's subscriptions, telling it if asked to (pubsub.c pubsubUnsubscribeAllChannels). */
export function pubsubUnsubscribeAllChannels(redis: Redis, c: Client, notify: boolean): void {
  const channels = [...c.subscriptions];
  for (const channel of channels) pubsubUnsubscribeChannel(redis, c, channel, notify);
  if (notify && channels.length === 0) addReplySubscription(redis, c, 'unsubscribe', null);
}

function pubsubUnsubscribeChannel(redis: Redis, c: Client, channel: string, notify: boolean): void {
  const { pubsubClients } = redis.server;
  const at = c.subscriptions.indexOf(channel);
  if (at !== -1) c.subscriptions.splice(at, 1);
  if (notify) addReplySubscription(redis, c, 'unsubscribe', channel);
  if (c.subscriptions.length > 0) return;
  c.flags &= ~CLIENT_PUBSUB;
  const place = pubsubClients.indexOf(c.id);
  if (place !== -1) pubsubClients.splice(place, 1);
}

function addReplySubscription(redis: Redis, c: Client, kind: string, channel: string | null): void {
  addReplyArrayLen(redis, c, 3);
  addReplyBulk(redis, c, kind);
  if (channel === null) addReplyNull(redis, c);
  else addReplyBulk(redis, c, channel);
  addReplyLongLong(redis, c, c.subscriptions.length);
}
