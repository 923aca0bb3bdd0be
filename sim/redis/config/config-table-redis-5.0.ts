/**
 * Redis 5.0.14's directives, in the order in which CONFIG GET lists them (config.c): names, old before new;
 * type with its bounds; default; and what can be done with it: `g` CONFIG GET, `s` CONFIG SET, `f` stands in the
 * configuration file, `e` has an effect in the simulation.
 */
export const DIRECTIVES_REDIS_5_0 = `
  dbfilename|basename|dump.rdb|gsf
  requirepass|string||gsfe
  masterauth|string||gsfe
  cluster-announce-ip|string||gsf
  unixsocket|string||gf
  logfile|string||gf
  pidfile|string||gf
  slave-announce-ip replica-announce-ip|string||gsfe
  maxmemory|memory|0|gsf
  proto-max-bulk-len|memory 1048576|536870912|gsf
  client-query-buffer-limit|memory|1073741824|gsf
  maxmemory-samples|integer 1|5|gsf
  lfu-log-factor|integer 0|10|gsf
  lfu-decay-time|integer 0|1|gsf
  timeout|integer 0|0|gsf
  active-defrag-threshold-lower|integer 0 1000|10|gsf
  active-defrag-threshold-upper|integer 0 1000|100|gsf
  active-defrag-ignore-bytes|memory|104857600|gsf
  active-defrag-cycle-min|integer 1 99|5|gsf
  active-defrag-cycle-max|integer 1 99|75|gsf
  active-defrag-max-scan-fields|integer 1|1000|gsf
  auto-aof-rewrite-percentage|integer 0|100|gsf
  auto-aof-rewrite-min-size|memory|67108864|gsf
  hash-max-ziplist-entries|integer 0|512|gsf
  hash-max-ziplist-value|integer 0|64|gsf
  stream-node-max-bytes|integer 0|4096|gsf
  stream-node-max-entries|integer 0|100|gsf
  list-max-ziplist-size|integer|-2|gsf
  list-compress-depth|integer 0|0|gsf
  set-max-intset-entries|integer 0|512|gsf
  zset-max-ziplist-entries|integer 0|128|gsf
  zset-max-ziplist-value|integer 0|64|gsf
  hll-sparse-max-bytes|integer 0|3000|gsf
  lua-time-limit|integer 0|5000|gsf
  slowlog-log-slower-than|integer -1|10000|gsf
  latency-monitor-threshold|integer 0|0|gsf
  slowlog-max-len|integer 0|128|gsf
  port|integer 0 65535|6379|gfe
  cluster-announce-port|integer 0 65535|0|gsf
  cluster-announce-bus-port|integer 0 65535|0|gsf
  tcp-backlog|integer 0|511|gf
  databases|integer 1|16|gfe
  repl-ping-slave-period repl-ping-replica-period|integer 1|10|gsfe
  repl-timeout|integer 1|60|gsfe
  repl-backlog-size|memory 0 1|1048576|gsfe
  repl-backlog-ttl|integer 0|3600|gsfe
  maxclients|integer 1|10000|gsfe
  watchdog-period|integer 0|0|gs
  slave-priority replica-priority|integer 0|100|gsfe
  slave-announce-port replica-announce-port|integer 0 65535|0|gsfe
  min-slaves-to-write min-replicas-to-write|integer 0|0|gsfe
  min-slaves-max-lag min-replicas-max-lag|integer 0|10|gsfe
  hz|hz|10|gsfe
  cluster-node-timeout|integer 0|15000|gsf
  cluster-migration-barrier|integer 0|1|gsf
  cluster-slave-validity-factor cluster-replica-validity-factor|integer 0|10|gsf
  repl-diskless-sync-delay|integer 0|5|gsfe
  tcp-keepalive|integer 0|300|gsf
  cluster-require-full-coverage|yesno|yes|gsf
  cluster-slave-no-failover cluster-replica-no-failover|yesno|no|gsf
  no-appendfsync-on-rewrite|yesno|no|gsf
  slave-serve-stale-data replica-serve-stale-data|yesno|yes|gsfe
  slave-read-only replica-read-only|yesno|yes|gsfe
  slave-ignore-maxmemory replica-ignore-maxmemory|yesno|yes|gsf
  stop-writes-on-bgsave-error|yesno|yes|gsfe
  daemonize|yesno|no|gf
  rdbcompression|yesno|yes|gsfe
  rdbchecksum|yesno|yes|gf
  activerehashing|yesno|yes|gsf
  activedefrag|yesno|no|gsf
  protected-mode|yesno|yes|gsf
  repl-disable-tcp-nodelay|yesno|no|gsf
  repl-diskless-sync|yesno|no|gsfe
  aof-rewrite-incremental-fsync|yesno|yes|gsf
  rdb-save-incremental-fsync|yesno|yes|gsf
  aof-load-truncated|yesno|yes|gsf
  aof-use-rdb-preamble|yesno|yes|gsf
  lazyfree-lazy-eviction|yesno|no|gsf
  lazyfree-lazy-expire|yesno|no|gsfe
  lazyfree-lazy-server-del|yesno|no|gsf
  slave-lazy-flush replica-lazy-flush|yesno|no|gsf
  dynamic-hz|yesno|yes|gsf
  maxmemory-policy|one-of volatile-lru volatile-lfu volatile-random volatile-ttl allkeys-lru allkeys-lfu allkeys-random noeviction|noeviction|gsf
  loglevel|one-of debug verbose notice warning|notice|gsf
  supervised|one-of upstart systemd auto no|no|gf
  appendfsync|one-of everysec always no|everysec|gsf
  syslog-facility|one-of user local0 local1 local2 local3 local4 local5 local6 local7|local0|gf
  appendonly|yesno|no|gsfe
  dir|string|/data|gsf
  save|save||gsfe
  client-output-buffer-limit|buffer-limits|normal 0 0 0 slave 268435456 67108864 60 pubsub 33554432 8388608 60|gsfe
  unixsocketperm|octal|0|gf
  slaveof replicaof|replicaof||gfe
  notify-keyspace-events|events||gsf
  bind|words||gf
  always-show-logo|yesno|no|f
  syslog-enabled|yesno|no|f
  syslog-ident|string|redis|f
  ignore-warnings|string||f
  include|string||f
  appendfilename|basename|appendonly.aof|f
  rename-command|lines 2||f
  loadmodule|lines 1 -||f
  cluster-enabled|yesno|no|f
  cluster-config-file|string|nodes.conf|f
  list-max-ziplist-entries|integer|512|f
  list-max-ziplist-value|integer|64|f
  lua-replicate-commands|yesno|yes|fe
`;
