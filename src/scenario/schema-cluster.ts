import { z } from 'zod';
import {
  bandwidth,
  commands,
  config,
  count,
  duration,
  limited,
  master,
  nodes,
  nothingOr,
  percent,
  profile,
  rate,
  size,
  text,
} from './schema-values.ts';

/** What there is: servers, the links between them, and who writes to them. */

/** What can be said of a link; `link:` changes it, and leaves what it does not name as it was. */
export const linkFields = {
  latency: duration().describe('How long a packet travels, one way.').optional(),
  rtt: duration()
    .describe('There and back: half of it is the latency of each way. Only where both directions are meant.')
    .optional(),
  jitter: duration()
    .describe(
      'Each packet takes up to this much longer, drawn uniformly; within a connection none overtakes another.',
    )
    .optional(),
  loss: percent()
    .describe('The chance of a packet to get lost. TCP sends it again, so loss shows as delay.')
    .optional(),
  bandwidth: bandwidth()
    .describe('What one direction carries, for all connections together; the rest queues.')
    .optional(),
};

export const link = () =>
  nothingOr(
    z.strictObject({
      latency: linkFields.latency.meta({ default: '0.1ms' }),
      rtt: linkFields.rtt,
      jitter: linkFields.jitter.meta({ default: '0ms' }),
      loss: linkFields.loss.meta({ default: '0%' }),
      bandwidth: linkFields.bandwidth.meta({ default: '10gbps' }),
    }),
  )
    .meta({ title: 'link' })
    .describe('How a link behaves; what is not given comes from `default`.');

const machine = () =>
  nothingOr(
    z.strictObject({
      save: rate()
        .meta({ default: '200mb/s' })
        .describe('How fast a background save writes its RDB, to disk or to sockets.')
        .optional(),
      load: rate().meta({ default: '300mb/s' }).describe('How fast an RDB is loaded.').optional(),
      fork: duration()
        .meta({ default: '10ms' })
        .describe('How long a fork stops the server, for each gigabyte of its data.')
        .optional(),
    }),
  );

export const node = () =>
  nothingOr(
    z.strictObject({
      replicaof: master()
        .describe(
          'Whom it replicates from its start on. `nowhere` is an address that refuses every connection. Without it the node starts as a master.',
        )
        .optional(),
      config: config()
        .describe(
          'Its redis.conf, in redis.conf\'s units, under old or new names; a list is a directive that stands several times. What is not given has Redis\'s default, with `save ""` and `appendonly no`.',
        )
        .optional(),
      conf: text()
        .meta({ title: 'path' })
        .describe('A real redis.conf, its path counted from the scenario file; `config` goes over it.')
        .optional(),
      profile: profile().describe("The version of Redis that it runs; without it the scenario's.").optional(),
      dataset: size()
        .meta({ default: 0 })
        .describe(
          'Data that it holds at time 0, beside what the scenario writes: N bytes are what `DEBUG POPULATE N/1000 d 1000` makes. In memory only, until it is saved.',
        )
        .optional(),
      machine: machine()
        .meta({ title: 'map' })
        .describe('How fast its machine saves, loads and forks.')
        .optional(),
      boot: duration()
        .meta({ examples: ['-300ms'] })
        .describe(
          'When its process starts, 0s or negative; with it the phase of its crons is fixed. Drawn from the seed otherwise.',
        )
        .optional(),
    }),
  )
    .meta({ title: 'node' })
    .describe('One Redis server.');

export const client = () =>
  z
    .strictObject({
      to: text().meta({ title: 'node' }).describe('The node that its connections go to; `point` moves them.'),
      count: count()
        .meta({ default: 1 })
        .describe('How many connections; commands go to them in turn.')
        .optional(),
      timeout: duration()
        .meta({ default: '1s' })
        .describe('How long it waits for a reply before it drops the connection and tries again.')
        .optional(),
      retry: duration()
        .meta({ default: '100ms' })
        .describe(
          'How long after -READONLY, -LOADING, a lost connection or its timeout it sends the command again.',
        )
        .optional(),
    })
    .describe('An application with connections of its own.');

export const workload = () =>
  z
    .strictObject({
      on: nodes().describe('The nodes that it writes to, over a connection of its own to each.').optional(),
      as: text().meta({ title: 'client' }).describe('The client that sends it, in place of `on`.').optional(),
      run: commands().describe('What is sent, in turn; `{n}` and `{bytes:K}` are filled in.'),
      every: duration().describe(
        'The time between two ticks. A tick sends one command; while the reply to the one before is missing it is skipped, and counted.',
      ),
      from: duration().meta({ default: '0s' }).describe('The first tick.').optional(),
      until: duration().describe('No tick from here on; without it to the end of the run.').optional(),
      ...limited,
    })
    .describe('Commands at a steady pace.');
