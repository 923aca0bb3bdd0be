/**
 * Redis 7.0.15's directives, in the order in which config.c lists them: names, old before new; type with its
 * bounds; default; and what can be done with it: `g` CONFIG GET, `s` CONFIG SET, `f` stands in the configuration
 * file, `e` has an effect in the simulation.
 */
export const DIRECTIVES_REDIS_7_0 = `
  rdbchecksum|yesno|yes|gf
  daemonize|yesno|no|gf
  io-threads-do-reads|yesno|no|gf
  always-show-logo|yesno|no|gf
  protected-mode|yesno|yes|gsf
  rdbcompression|yesno|yes|gsfe
  rdb-del-sync-files|yesno|no|gsfe
  activerehashing|yesno|yes|gsf
  stop-writes-on-bgsave-error|yesno|yes|gsfe
  set-proc-title|yesno|yes|gf
  dynamic-hz|yesno|yes|gsf
  lazyfree-lazy-eviction|yesno|no|gsf
  lazyfree-lazy-expire|yesno|no|gsfe
  lazyfree-lazy-server-del|yesno|no|gsf
  lazyfree-lazy-user-del|yesno|no|gsf
  lazyfree-lazy-user-flush|yesno|no|gsf
  repl-disable-tcp-nodelay|yesno|no|gsf
  repl-diskless-sync|yesno|yes|gsfe
  aof-rewrite-incremental-fsync|yesno|yes|gsf
  no-appendfsync-on-rewrite|yesno|no|gsf
  cluster-require-full-coverage|yesno|yes|gsf
  rdb-save-incremental-fsync|yesno|yes|gsf
  aof-load-truncated|yesno|yes|gsf
  aof-use-rdb-preamble|yesno|yes|gsf
  aof-timestamp-enabled|yesno|no|gsf
  cluster-slave-no-failover cluster-replica-no-failover|yesno|no|gsf
  slave-lazy-flush replica-lazy-flush|yesno|no|gsf
  slave-serve-stale-data replica-serve-stale-data|yesno|yes|gsfe
  slave-read-only replica-read-only|yesno|yes|gsfe
  slave-ignore-maxmemory replica-ignore-maxmemory|yesno|yes|gsf
  jemalloc-bg-thread|yesno|yes|gsf
  activedefrag|yesno|no|gsf
  syslog-enabled|yesno|no|gf
  cluster-enabled|yesno|no|gf
  appendonly|yesno|no|gsfe
  cluster-allow-reads-when-down|yesno|no|gsf
  cluster-allow-pubsubshard-when-down|yesno|yes|gsf
  crash-log-enabled|yesno|yes|gsf
  crash-memcheck-enabled|yesno|yes|gsf
  use-exit-on-panic|yesno|no|gsf
  disable-thp|yesno|yes|gf
  cluster-allow-replica-migration|yesno|yes|gsf
  replica-announced|yesno|yes|gsfe
  latency-tracking|yesno|yes|gsf
  aof-disable-auto-gc|yesno|no|gsf
  replica-ignore-disk-write-errors|yesno|no|gsfe
  aclfile|string||gf
  unixsocket|string||gf
  pidfile|string||gf
  slave-announce-ip replica-announce-ip|string||gsfe
  masteruser|string||gsfe
  cluster-announce-ip|string||gsf
  cluster-config-file|string|nodes.conf|gf
  cluster-announce-hostname|string||gsf
  syslog-ident|string|redis|gf
  dbfilename|basename|dump.rdb|gsf
  appendfilename|basename|appendonly.aof|gf
  appenddirname|basename|appendonlydir|gf
  server_cpulist|string||gf
  bio_cpulist|string||gf
  aof_rewrite_cpulist|string||gf
  bgsave_cpulist|string||gf
  ignore-warnings|string||gsf
  proc-title-template|string|{title} {listen-addr} {server-mode}|gsf
  bind-source-addr|string||gsf
  logfile|string||gf
  masterauth|string||gsfe
  requirepass|string||gsfe
  supervised|one-of upstart systemd auto no|no|gf
  syslog-facility|one-of user local0 local1 local2 local3 local4 local5 local6 local7|local0|gf
  repl-diskless-load|one-of disabled on-empty-db swapdb|disabled|gsfe
  loglevel|one-of debug verbose notice warning|notice|gsf
  maxmemory-policy|one-of volatile-lru volatile-lfu volatile-random volatile-ttl allkeys-lru allkeys-lfu allkeys-random noeviction|noeviction|gsf
  appendfsync|one-of everysec always no|everysec|gsf
  oom-score-adj|one-of no yes relative absolute|no|gsf
  acl-pubsub-default|one-of allchannels resetchannels|resetchannels|gsf
  sanitize-dump-payload|one-of no yes clients|no|gsf
  enable-protected-configs|one-of no yes local|no|gf
  enable-debug-command|one-of no yes local|no|gf
  enable-module-command|one-of no yes local|no|gf
  cluster-preferred-endpoint-type|one-of ip hostname unknown-endpoint|ip|gsf
  propagation-error-behavior|one-of ignore panic panic-on-replicas|ignore|gsfe
  shutdown-on-sigint|words|default|gsf
  shutdown-on-sigterm|words|default|gsf
  databases|integer 1|16|gfe
  port|integer 0 65535|6379|gsfe
  io-threads|integer 1 128|1|gf
  auto-aof-rewrite-percentage|integer 0|100|gsf
  cluster-slave-validity-factor cluster-replica-validity-factor|integer 0|10|gsf
  list-max-ziplist-size list-max-listpack-size|integer|-2|gsf
  tcp-keepalive|integer 0|300|gsf
  cluster-migration-barrier|integer 0|1|gsf
  active-defrag-cycle-min|integer 1 99|1|gsf
  active-defrag-cycle-max|integer 1 99|25|gsf
  active-defrag-threshold-lower|integer 0 1000|10|gsf
  active-defrag-threshold-upper|integer 0 1000|100|gsf
  lfu-log-factor|integer 0|10|gsf
  lfu-decay-time|integer 0|1|gsf
  slave-priority replica-priority|integer 0|100|gsfe
  repl-diskless-sync-delay|integer 0|5|gsfe
  maxmemory-samples|integer 1|5|gsf
  maxmemory-eviction-tenacity|integer 0 100|10|gsf
  timeout|integer 0|0|gsf
  slave-announce-port replica-announce-port|integer 0 65535|0|gsfe
  tcp-backlog|integer 0|511|gf
  cluster-port|integer 0 65535|0|gf
  cluster-announce-bus-port|integer 0 65535|0|gsf
  cluster-announce-port|integer 0 65535|0|gsf
  cluster-announce-tls-port|integer 0 65535|0|gsf
  repl-timeout|integer 1|60|gsfe
  repl-ping-slave-period repl-ping-replica-period|integer 1|10|gsfe
  list-compress-depth|integer 0|0|gsf
  rdb-key-save-delay|integer|0|gsf
  key-load-delay|integer|0|gsf
  active-expire-effort|integer 1 10|1|gsf
  hz|hz|10|gsfe
  min-slaves-to-write min-replicas-to-write|integer 0|0|gsfe
  min-slaves-max-lag min-replicas-max-lag|integer 0|10|gsfe
  watchdog-period|integer 0|0|gsf
  shutdown-timeout|integer 0|10|gsfe
  repl-diskless-sync-max-replicas|integer 0|0|gsfe
  maxclients|integer 1 4294967295|10000|gsfe
  unixsocketperm|octal|0|gf
  socket-mark-id|integer 0 4294967295|0|gf
  active-defrag-max-scan-fields|integer 1 9007199254740991|1000|gsf
  slowlog-max-len|integer 0 9007199254740991|128|gsf
  acllog-max-len|integer 0 9007199254740991|128|gsf
  lua-time-limit busy-reply-threshold|integer 0 9007199254740991|5000|gsf
  cluster-node-timeout|integer 0 9007199254740991|15000|gsf
  slowlog-log-slower-than|integer -1 9007199254740991|10000|gsf
  latency-monitor-threshold|integer 0 9007199254740991|0|gsf
  proto-max-bulk-len|memory 1048576|536870912|gsf
  stream-node-max-entries|integer 0 9007199254740991|100|gsf
  repl-backlog-size|memory 1|1048576|gsfe
  maxmemory|memory|0|gsf
  cluster-link-sendbuf-limit|memory|0|gsf
  hash-max-ziplist-entries hash-max-listpack-entries|integer 0 9007199254740991|512|gsf
  set-max-intset-entries|integer 0 9007199254740991|512|gsf
  zset-max-ziplist-entries zset-max-listpack-entries|integer 0 9007199254740991|128|gsf
  active-defrag-ignore-bytes|memory 1|104857600|gsf
  hash-max-ziplist-value hash-max-listpack-value|memory|64|gsf
  stream-node-max-bytes|memory|4096|gsf
  zset-max-ziplist-value zset-max-listpack-value|memory|64|gsf
  hll-sparse-max-bytes|memory|3000|gsf
  tracking-table-max-keys|integer 0 9007199254740991|1000000|gsf
  client-query-buffer-limit|memory 1048576|1073741824|gsf
  maxmemory-clients|string|0|gsf
  repl-backlog-ttl|integer 0 9007199254740991|3600|gsfe
  auto-aof-rewrite-min-size|memory|67108864|gsf
  loading-process-events-interval-bytes|integer 1024|2097152|gsf
  dir|string|/data|gsf
  save|save|3600 1 300 100 60 10000|gsfe
  client-output-buffer-limit|buffer-limits|normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60|gsfe
  oom-score-adj-values|words|0 200 800|gsf
  notify-keyspace-events|events||gsf
  bind|words|* -::*|gsf
  slaveof replicaof|replicaof||gfe
  latency-tracking-info-percentiles|words|50 99 99.9|gsf
  include|string||f
  rename-command|lines 2||f
  user|lines 1 -||f
  loadmodule|lines 1 -||f
  list-max-ziplist-entries|integer|512|f
  list-max-ziplist-value|integer|64|f
  lua-replicate-commands|yesno|yes|f
`;
