import { describe, expect, test } from 'vitest';
import { Lab } from '../fake-system.test-helper.ts';
import { redis50, redis70 } from '../profile.ts';

/** The reply of each version to a command, after others. */
function replies(command: string | string[], before: readonly string[] = []): string[] {
  return [redis50, redis70].map((profile) => {
    const lab = new Lab({}, profile);
    const fd = lab.connect();
    for (const one of before) lab.run(fd, one);
    return lab.run(fd, command);
  });
}

describe('what is wrong with arguments', () => {
  test('an increment that cannot be negated is added by 5.0', () => {
    expect(replies('DECRBY n -9223372036854775808')).toEqual([
      ':-9223372036854775808',
      '-ERR decrement would overflow',
    ]);
  });

  test('a time to live beyond 64 bits: what is left of it, or an error', () => {
    for (const command of ['SETEX k 9223372036854775807 v', 'SET k v EX 10000000000000000']) {
      const name = command.split(' ')[0]!.toLowerCase();
      expect(replies(command)).toEqual(['+OK', `-ERR invalid expire time in '${name}' command`]);
    }
    expect(replies('PSETEX k 9223372036854775807 v')[1]).toBe("-ERR invalid expire time in 'psetex' command");
    expect(replies('EXPIRE k 9223372036854775807', ['SET k v'])).toEqual([
      ':1',
      "-ERR invalid expire time in 'expire' command",
    ]);
    const lab = new Lab({}, redis50);
    const fd = lab.connect();
    lab.run(fd, 'SETEX k 9223372036854775807 v');
    expect(lab.run(fd, 'GET k')).toBe('$-1');
  });

  test('a number of arguments that does not come in pairs', () => {
    expect(replies('MSET a 1 b')).toEqual([
      '-ERR wrong number of arguments for MSET',
      "-ERR wrong number of arguments for 'mset' command",
    ]);
    expect(replies('HSET a f 1 g')).toEqual([
      '-ERR wrong number of arguments for HMSET',
      "-ERR wrong number of arguments for 'hset' command",
    ]);
  });

  test('SELECT of what is no number, or no int', () => {
    expect(replies('SELECT x')).toEqual([
      '-ERR invalid DB index',
      '-ERR value is not an integer or out of range',
    ]);
    expect(replies('SELECT 99999999999')[1]).toMatch(/must between -2147483648 and 2147483647$/);
  });

  test('a timeout in decimals', () => {
    expect(replies('BLPOP k x')).toEqual([
      '-ERR timeout is not an integer or out of range',
      '-ERR timeout is not a float or out of range',
    ]);
    expect(replies('BLPOP k inf')[1]).toBe('-ERR timeout is negative');
    const lab = new Lab({}, redis70);
    const fd = lab.connect();
    lab.run(fd, 'BLPOP k 0.0001');
    const [waiting] = Object.values(lab.server.clients);
    expect(waiting!.bpop.timeout - lab.server.mstime).toBe(1);
  });

  test('a subcommand that does not exist, or takes other arguments, spoils a transaction', () => {
    expect(replies('SCRIPT JUNK')).toEqual([
      "-ERR Unknown subcommand or wrong number of arguments for 'JUNK'. Try SCRIPT HELP.",
      "-ERR unknown subcommand 'JUNK'. Try SCRIPT HELP.",
    ]);
    expect(replies('SCRIPT LOAD')[1]).toBe("-ERR wrong number of arguments for 'script|load' command");
    expect(replies('DEBUG JUNK')[1]).toBe(
      "-ERR unknown subcommand or wrong number of arguments for 'JUNK'. Try DEBUG HELP.",
    );
    const lab = new Lab({}, redis70);
    expect(lab.runAll(lab.connect(), ['MULTI', 'SCRIPT EXISTS', 'EXEC'])).toMatch(/-EXECABORT/);
  });

  test('what a script may not call, or not so', () => {
    const errors = (call: string) =>
      replies(['EVAL', call, '0']).map((reply) => reply.replace(/[0-9a-f]{40}/, 'f'));
    expect(errors("return redis.call('SUBSCRIBE','a')")).toEqual([
      '-ERR Error running script (call to f_f): @user_script:1: @user_script: 1: This Redis command is not allowed from scripts ',
      '-ERR This Redis command is not allowed from script script: f, on @user_script:1.',
    ]);
    expect(errors("return redis.pcall('CLIENT','KILL','TYPE','replica')")[1]).toBe(
      '-ERR This Redis command is not allowed from script',
    );
    expect(errors("return redis.pcall('CONFIG','SET','hz','20')")[1]).toMatch(/not allowed from script$/);
    expect(errors("return redis.pcall('COMMAND','COUNT')")[1]).toMatch(/^:/);
    expect(errors('return redis.pcall()')).toEqual([
      '-@user_script: 1: Please specify at least one argument for redis.call()',
      '-ERR Please specify at least one argument for this redis lib call',
    ]);
    expect(errors("return redis.pcall('GET',KEYS[1])")).toEqual([
      '-@user_script: 1: Lua redis() command arguments must be strings or integers',
      '-ERR Lua redis lib command arguments must be strings or integers',
    ]);
    expect(errors("return redis.call('ECHO',0.1)")).toEqual([
      '$19\r\n0.10000000000000001',
      '$19\r\n0.10000000000000001',
    ]);
  });

  test('SCRIPT KILL has no script to kill; SCRIPT FLUSH may say how in 7.0', () => {
    const notBusy = '-NOTBUSY No scripts in execution right now.';
    expect(replies('SCRIPT KILL')).toEqual([notBusy, notBusy]);
    expect(replies('SCRIPT FLUSH ASYNC')).toEqual([
      "-ERR Unknown subcommand or wrong number of arguments for 'FLUSH'. Try SCRIPT HELP.",
      '+OK',
    ]);
    expect(replies('SCRIPT FLUSH LATER')[1]).toBe('-ERR SCRIPT FLUSH only support SYNC|ASYNC option');
  });

  test('without its master and stale data a node of 7.0 asks each subcommand for its flags', () => {
    const lab = new Lab({ replicaof: ['10.0.0.9 6379'], 'replica-serve-stale-data': ['no'] }, redis70);
    const fd = lab.connect();
    const down = "-MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.";
    expect(lab.run(fd, 'SCRIPT EXISTS x')).toBe(down);
    expect(lab.run(fd, ['SCRIPT', 'LOAD', 'return 1'])).toMatch(/^\$40/);
    expect(lab.run(fd, 'CONFIG SET hz 20')).toBe('+OK');
    lab.runAll(fd, ['MULTI', ['SCRIPT', 'LOAD', 'return 1']]);
    expect(lab.run(fd, 'EXEC')).toMatch(/^\*1/);
  });

  test('numbers that have to be positive, and CLIENT’s own words in 5.0', () => {
    const noInteger = '-ERR value is not an integer or out of range';
    expect(replies('DEBUG POPULATE x')).toEqual([noInteger, '-ERR value is out of range, must be positive']);
    expect(replies('DEBUG POPULATE -1')[1]).toBe('-ERR value is out of range, must be positive');
    expect(replies('CLIENT KILL ID x')).toEqual([noInteger, '-ERR client-id should be greater than 0']);
    expect(replies('CLIENT KILL ID 0')).toEqual([':0', '-ERR client-id should be greater than 0']);
    expect(replies('CLIENT GETNAME x')).toEqual([
      "-ERR Unknown subcommand or wrong number of arguments for 'GETNAME'. Try CLIENT HELP",
      "-ERR wrong number of arguments for 'client|getname' command",
    ]);
  });

  test('BGSAVE beside an AOF rewrite is refused in words of its own; in a transaction of 7.0 children wait', () => {
    const [five, seven] = replies('BGSAVE', ['BGREWRITEAOF']);
    expect(five).toMatch(/^-ERR An AOF log rewriting in progress: can't BGSAVE right now/);
    expect(seven).toMatch(/^-ERR Another child process is active \(AOF\?\): can't BGSAVE right now/);
    expect(replies('EXEC', ['MULTI', 'BGSAVE'])).toEqual([
      '*1\r\n+Background saving started',
      '*1\r\n+Background saving scheduled',
    ]);
    expect(replies('EXEC', ['MULTI', 'BGREWRITEAOF'])).toEqual([
      '*1\r\n+Background append only file rewriting started',
      '*1\r\n+Background append only file rewriting scheduled',
    ]);
    const lab = new Lab({}, redis70);
    const fd = lab.connect();
    lab.runAll(fd, ['MULTI', 'BGSAVE', 'EXEC']);
    expect(lab.server.child).toBeNull();
    lab.tick();
    expect(lab.server.child?.type).toBe('disk');
    expect(lab.run(fd, 'BGSAVE')).toBe('-ERR Background save already in progress');
  });

  test('AUTH without a password to ask for, with a wrong one, with a user', () => {
    expect(replies('AUTH x')).toEqual([
      '-ERR Client sent AUTH, but no password is set',
      '-ERR AUTH <password> called without any password configured for the default user. ' +
        'Are you sure your configuration is correct?',
    ]);
    expect(replies('AUTH default x')[1]).toBe('+OK');
    for (const [profile, after] of [
      [redis50, '-NOAUTH Authentication required.'],
      [redis70, '+PONG'],
    ] as const) {
      const lab = new Lab({ requirepass: ['pw'] }, profile);
      const fd = lab.connect();
      lab.run(fd, 'AUTH pw');
      expect(lab.run(fd, 'AUTH wrong')).toMatch(/^-(WRONGPASS|ERR invalid password)/);
      expect(lab.run(fd, 'PING')).toBe(after);
    }
    const lab = new Lab({ requirepass: ['pw'] }, redis70);
    const fd = lab.connect();
    expect(lab.run(fd, 'AUTH other pw')).toMatch(/^-WRONGPASS/);
    expect(lab.run(fd, 'AUTH default pw')).toBe('+OK');
  });

  test('CONFIG SET says what is wrong, and sets all or nothing', () => {
    const why = (name: string, reason: string) =>
      `-ERR CONFIG SET failed (possibly related to argument '${name}') - ${reason}`;
    expect(replies('CONFIG SET repl-timeout x')).toEqual([
      "-ERR Invalid argument 'x' for CONFIG SET 'repl-timeout'",
      why('repl-timeout', "argument couldn't be parsed into an integer"),
    ]);
    const [, tooLow] = replies('CONFIG SET repl-ping-slave-period 0');
    expect(tooLow).toBe(why('repl-ping-slave-period', 'argument must be between 1 and 2147483647 inclusive'));
    const noMemory = why('repl-backlog-size', 'argument must be a memory value');
    expect(replies('CONFIG SET repl-backlog-size -1')[1]).toBe(noMemory);
    expect(replies('CONFIG SET repl-backlog-size kb')).toEqual([
      '+OK',
      why('repl-backlog-size', 'argument must be between 1 and 9223372036854775807 inclusive'),
    ]);
    expect(replies('CONFIG SET nosuch 1')[1]).toBe(
      "-ERR Unknown option or number of arguments for CONFIG SET - 'nosuch'",
    );
    expect(replies('CONFIG SET databases 4')[1]).toBe(why('databases', "can't set immutable config"));
    expect(replies('CONFIG SET repl-timeout 3 repl-timeout 4')[1]).toBe(
      why('repl-timeout', 'duplicate parameter'),
    );
    const lab = new Lab({}, redis70);
    const fd = lab.connect();
    lab.run(fd, 'CONFIG SET repl-timeout 7 replica-read-only perhaps');
    expect(lab.server.replTimeout).toBe(60);
    expect(lab.run(fd, 'CONFIG SET repl-timeout 7 replica-read-only no')).toBe('+OK');
    expect([lab.server.replTimeout, lab.server.replSlaveRo]).toEqual([7, false]);
  });

  test('an unknown command and a script that calls one', () => {
    expect(replies('NOSUCH a b')[1]).toBe(
      "-ERR unknown command 'NOSUCH', with args beginning with: 'a' 'b' ",
    );
    const [five, seven] = replies(['EVAL', "return redis.call('nosuch')", '0']);
    expect(five).toMatch('Unknown Redis command called from Lua script');
    expect(seven).toMatch('Unknown Redis command called from script');
    expect(replies(['EVAL', "return redis.call('get')", '0'])[1]).toMatch(
      'Wrong number of args calling Redis command from script',
    );
  });

  test('what counts as changes in INFO: fields and members, or the command', () => {
    const dirty = (command: string, before: string[] = []) =>
      [redis50, redis70].map((profile) => {
        const lab = new Lab({}, profile);
        const fd = lab.connect();
        for (const one of before) lab.run(fd, one);
        const { dirty } = lab.server;
        lab.run(fd, command);
        return lab.server.dirty - dirty;
      });
    expect(dirty('HSET h a 1 b 2')).toEqual([1, 2]);
    expect(dirty('SPOP s 10', ['SADD s a b c'])).toEqual([11, 3]);
    expect(replies('SPOP s -1')).toEqual([
      '-ERR index out of range',
      '-ERR value is out of range, must be positive',
    ]);
  });
});
