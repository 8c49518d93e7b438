import { execFileSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { XraySnapshot } from '../../src/shared/xray/view.ts';
import { ensureServers } from '../host/servers.mjs';
import { readableBy } from '../host/user.mjs';
import { scratch, user, type Binary, type Program } from './program.ts';
import { startApache, startNginx, startNode, startPostgres, startRedis } from './servers.ts';

const servers = await ensureServers();
const onLinux = process.platform === 'linux';

/** A test with a server that is skipped, by its name, where there is none (test/skips.json). */
const withServer = (server: string, name: string, run: (binary: Binary) => Promise<void>): void => {
  const binary = servers[server];
  it.skipIf(!binary)(name, async () => run(binary as Binary));
};

let program: Program | undefined;
afterEach(async () => {
  const left = await program?.stop();
  program = undefined;
  expect(left ?? [], 'processes that outlived their server').toEqual([]);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const is = (pattern: string) => (snapshot: XraySnapshot) => snapshot.recognition?.pattern === pattern;
const evidence = ({ recognition }: XraySnapshot): string => recognition?.evidence.join(' ') ?? '';
const also = ({ recognition }: XraySnapshot): string[] => recognition?.also.map(({ pattern }) => pattern) ?? [];

describe('the X-ray of a real server', () => {
  withServer('nginx', 'NGINX: processes that share one socket', async (binary) => {
    program = await startNginx(binary, 'backlog=37');
    const snapshot = await program.look((seen) => is('pre-forked')(seen) && /3 of them wait/.test(evidence(seen)));
    const [listener] = snapshot.sample!.listeners;
    expect(evidence(snapshot)).toContain(`4 processes share the listening socket with inode ${listener!.inode} on 127.0.0.1:${program.port}`);
    expect(evidence(snapshot)).toContain(`${program.pid} holds it and does not wait`);
    expect(listener).toMatchObject({ backlog: 37, acceptQueue: 0 });
    expect(also(snapshot)).toEqual([]);
    const worker = snapshot.sample!.processes[2]!;
    expect(await program.look(() => true, String(worker.pid))).toMatchObject({ sample: { rootPid: program.pid } });
    expect(worker.pssBytes).toBeLessThan(worker.rssBytes);
  });

  withServer('nginx', 'NGINX with reuseport: a socket for each worker', async (binary) => {
    program = await startNginx(binary, 'reuseport');
    const snapshot = await program.look((seen) => is('reuse-port')(seen) && /3 processes wait/.test(evidence(seen)));
    expect(snapshot.sample!.listeners).toHaveLength(3);
    expect(evidence(snapshot)).toMatch(/3 sockets listen on .* 3 processes wait at one of them each/);
  });

  withServer('apache', 'Apache with prefork: processes of one thread', async (binary) => {
    program = await startApache(binary, 'prefork', 'StartServers 3\nMinSpareServers 1\nMaxSpareServers 5');
    const snapshot = await program.look((seen) => is('pre-forked')(seen) && /3 of them wait/.test(evidence(seen)));
    expect(evidence(snapshot)).toContain('4 processes share');
    expect(also(snapshot)).toEqual([]);
    expect(snapshot.sample!.processes.map(({ threadCount }) => threadCount)).toEqual([1, 1, 1, 1]);
  });

  withServer('apache', 'Apache with event: a thread pool in each process', async (binary) => {
    program = await startApache(binary, 'event', 'StartServers 2\nThreadsPerChild 8\nMinSpareThreads 8\nMaxSpareThreads 32\nMaxRequestWorkers 32');
    const snapshot = await program.look((seen) => is('pre-forked')(seen) && /2 of them wait/.test(evidence(seen)) && also(seen).includes('thread-pool'));
    expect(evidence(snapshot)).toContain('3 processes share');
    expect(snapshot.recognition!.also[0]!.evidence[0]).toContain('2 processes have 10 threads');
  });

  withServer('postgres', 'PostgreSQL: a process for each connection', async (binary) => {
    program = await startPostgres(binary);
    const idle = await program.look((seen) => is('process-per-connection')(seen) && seen.sample!.processes.length > 4);
    expect(evidence(idle)).toContain('No child holds a connection of that port now');
    await program.connect(2);
    const snapshot = await program.look((seen) => /2 of its children/.test(evidence(seen)));
    expect(snapshot.recognition!.pattern).toBe('process-per-connection');
    expect(evidence(snapshot)).toMatch(/Process \d+ alone holds .* 2 of its children hold one connection of that port each/);
    expect(snapshot.sample!.processes.filter(({ serves }) => serves === 1)).toHaveLength(2);
  });

  withServer('redis', 'Redis: one thread, and a fork while it saves', async (binary) => {
    program = await startRedis(binary);
    const idle = await program.look(is('one-thread'));
    expect(idle.recognition!.pattern).toBe('one-thread');
    expect(evidence(idle)).toContain('bio_');
    const [client] = await program.connect(1);
    client!.write(`${Array.from({ length: 5000 }, (_, i) => `SET key${i} value\r\n`).join('')}BGSAVE\r\n`);
    const snapshot = await program.look(is('fork-for-backup'));
    expect(snapshot.recognition!.pattern).toBe('fork-for-backup');
    const child = snapshot.sample!.processes[1]!;
    expect(evidence(snapshot)).toMatch(new RegExp(`Its child ${child.pid} .*writes temp-${child.pid}\\.rdb: it was forked from ${program.pid}.* % of its memory is shared`));
  });

  it.skipIf(!onLinux)('Node.js: one thread, and a queue that fills while it is busy', async () => {
    program = await startNode('busy', "require('net').createServer(() => { for (;;); }).listen(process.argv[2], '127.0.0.1', 7);");
    await program.connect(3);
    const snapshot = await program.look((seen) => seen.sample?.listeners[0]?.acceptQueue === 3);
    expect(snapshot.recognition!.pattern).toBe('one-thread');
    expect(evidence(snapshot)).toContain(`JavaScript runs on the main thread ${program.pid}`);
    expect(snapshot.sample!.listeners).toMatchObject([{ port: program.port, acceptQueue: 3, backlog: 7 }]);
    expect(snapshot.sample!.processes[0]!.threads[0]!.wait).toBe('runs');
  });

  it.skipIf(!onLinux)('Node.js with cluster: a primary that hands out connections', async () => {
    const source = `const cluster = require('cluster');
      if (cluster.isPrimary) { for (let i = 0; i < 2; i++) cluster.fork(); process.on('SIGTERM', () => { for (const worker of Object.values(cluster.workers)) worker.process.kill('SIGKILL'); process.exit(); }); }
      else require('net').createServer((socket) => socket.on('error', () => {})).listen(process.argv[2], '127.0.0.1');`;
    program = await startNode('cluster', source);
    const idle = await program.look((seen) => is('hands-out')(seen) && seen.sample!.processes.length === 3);
    expect(evidence(idle)).toContain('serve no connection of it now');
    await program.connect(4);
    const snapshot = await program.look((seen) => /serve 4 connections/.test(evidence(seen)));
    expect(snapshot.recognition!.pattern).toBe('hands-out');
    expect(evidence(snapshot)).toMatch(new RegExp(`Process ${program.pid} alone holds .*Its 2 children .* serve 4 connections of that port now`));
    const serves = snapshot.sample!.processes.map((process) => process.serves);
    expect(serves[0]).toBe(0);
    expect(serves[1]! + serves[2]!).toBe(4);
  });

  const other = user ?? (statSync('/').uid === process.getuid?.() ? undefined : {});
  it.skipIf(!onLinux || !other)('says what an unprivileged user may not read of another user’s process', () => {
    const [target, ids] = user ? [process.pid, { uid: user.uid, gid: user.gid }] : [1, {}];
    const cli = readableBy(user, fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url)), scratch);
    const run = (...args: string[]): string => execFileSync(process.execPath, [cli, 'xray', String(target), ...args], { encoding: 'utf8', env: { PATH: process.env.PATH }, ...ids });
    const { recognition, sample } = JSON.parse(run('--json')) as XraySnapshot;
    expect(recognition).toMatchObject({ pattern: 'not-permitted', evidence: [expect.stringContaining('they belong to root')] });
    expect(sample!.processes[0]).toMatchObject({ permitted: false, pssBytes: null, holds: [] });
    expect(sample!.processes[0]!.rssBytes).toBeGreaterThan(0);
    expect(run()).toContain('not permitted');
  });
});
