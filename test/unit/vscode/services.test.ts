import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import sinon from 'sinon';
import type * as vscode from 'vscode';
import { HumanError } from '../../../src/shared/errors.ts';
import type { LabServerRun } from '../../../src/runtime/startLabServer.ts';
import type { LabRun } from '../../../src/shared/report.ts';
import { TraceBuilder } from '../../../src/shared/trace.ts';
import { Activity } from '../../../src/vscode/activity.ts';
import { Changes } from '../../../src/vscode/changes.ts';
import { runnerHost } from '../../../src/vscode/host.ts';
import { Kept } from '../../../src/vscode/kept.ts';
import type { ProgressStore } from '../../../src/vscode/progressStore.ts';
import { Reporter } from '../../../src/vscode/reporter.ts';
import { Runs } from '../../../src/vscode/runs.ts';
import { runningView, Servers } from '../../../src/vscode/servers.ts';
import { Turn } from '../../../src/vscode/turn.ts';
import { labFolder, progressIn } from './fixtures.ts';
import * as fake from './vscodeFake.ts';

const log = { error: sinon.stub(), warn: sinon.stub(), show: sinon.stub() };
const reporter = new Reporter(log as unknown as vscode.LogOutputChannel);
const host = runnerHost('/extension');
let progress: ReturnType<typeof progressIn>;
let folder: string;
let last: Kept<LabRun>;

beforeEach(() => {
  fake.resetFake();
  log.error.reset();
  progress = progressIn();
  folder = mkdtempSync(join(tmpdir(), 'bl-runs-'));
  last = new Kept(folder);
  return () => rmSync(folder, { recursive: true });
});

describe('real runs', () => {
  const trace = new TraceBuilder('measured', 'tcp').build(0);
  const machine = { platform: 'linux', release: '6', cores: 2, node: '20', jiffyMs: 4, kernel: {} };
  const done: LabRun = { version: 1, lab: '01-test', values: { backlog: 2 }, machine, predicted: trace, measured: trace, comparisons: [], notes: [] };
  const runsWith = (runLab: (signal: AbortSignal) => Promise<LabRun>): Runs => {
    const engine = { runLab: (_request: unknown, _host: unknown, { signal }: { signal: AbortSignal }) => runLab(signal), readMachine: () => Promise.resolve(machine) };
    return new Runs(host, engine, last, { progress: progress as unknown as ProgressStore, activity: new Activity(), turn: new Turn(), changes: new Changes(), reporter });
  };

  it('end in a view with both traces, and are remembered', async () => {
    const runs = runsWith(() => Promise.resolve(done));
    expect(await runs.run(labFolder, { backlog: 2 })).toMatchObject({ state: 'done', values: { backlog: 2 } });
    expect(runs.view('01-test').state).toBe('done');
    expect(runs.machine).toBe(machine);
    expect(progress.current.labs['01-test']?.ran).toBe(true);
  });

  it('are there again in the next window, for the same version of the lab', async () => {
    await runsWith(() => Promise.resolve(done)).run(labFolder, { backlog: 2 });
    const next = runsWith(() => Promise.reject(new Error('not run')));
    expect(next.view('01-test')).toEqual({ state: 'idle' });
    await next.recall(labFolder);
    expect(next.view('01-test')).toMatchObject({ state: 'done', values: { backlog: 2 } });
    const newer = { ...labFolder, lab: { ...labFolder.lab, version: 3 } };
    const after = runsWith(() => Promise.reject(new Error('not run')));
    await after.recall(newer);
    expect(after.view('01-test')).toEqual({ state: 'idle' });
  });

  it('that were stored broken are as if they had not been', async () => {
    const runs = runsWith(() => Promise.resolve(done));
    for (const text of ['', '{', 'null', '{"version":2}', '{"version":3,"of":2,"result":{"version":1}}', '{"version":2,"of":2,"result":{}}']) {
      writeFileSync(join(folder, '01-test.json'), text);
      await runs.recall(labFolder);
      expect(runs.view('01-test')).toEqual({ state: 'idle' });
    }
  });

  it('say why they failed, and log what is a bug', async () => {
    expect(await runsWith(() => Promise.reject(new HumanError('There is no /proc here.'))).run(labFolder, {})).toEqual({ state: 'failed', message: 'There is no /proc here.' });
    sinon.assert.notCalled(log.error);
    expect(await runsWith(() => Promise.reject(new TypeError('x'))).run(labFolder, {})).toMatchObject({ state: 'failed', message: expect.stringContaining('the log has the details') as string });
    sinon.assert.calledOnce(log.error);
    expect(progress.current.labs['01-test']).toBeUndefined();
  });

  it('are cancelled, and refused twice at a time or without trust', async () => {
    const runs = runsWith((signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error))));
    const running = runs.run(labFolder, {});
    await expect(runs.run(labFolder, {})).rejects.toThrow('"A test lab" is running already.');
    runs.cancel('01-test');
    expect(await running).toEqual({ state: 'cancelled' });
    fake.workspace.isTrusted = false;
    await expect(runs.run(labFolder, {})).rejects.toThrow(/not trusted/);
  });
});

describe('a server', () => {
  const serverLike = () => {
    let end: (error: Error | null) => void = () => undefined;
    const exited = new Promise<Error | null>((resolve) => (end = resolve));
    return { run: { port: 4321, pid: 99, exited, stop: sinon.stub().callsFake(async () => end(null)) } as LabServerRun & { stop: sinon.SinonStub }, end };
  };
  const servers = (start: () => Promise<LabServerRun>): Servers => new Servers(host, start, { changes: new Changes(), reporter });

  it('fills its port and pid into the commands of this platform', () => {
    const commands = (platform: string) => {
      const view = runningView(labFolder, { port: 4321, pid: 99 }, platform);
      return view.state === 'running' ? view.commands.map(({ command }) => command) : [];
    };
    expect(commands('linux')).toEqual(['ss -ltn sport = :4321', 'ps 99 4321']);
    expect(commands('darwin')).toEqual(['ps 99 4321']);
  });

  it('is up until it is stopped, and once', async () => {
    const { run } = serverLike();
    const all = servers(() => Promise.resolve(run));
    await all.start(labFolder, {});
    expect(all.view('01-test')).toMatchObject({ state: 'running', port: 4321, pid: 99 });
    await expect(all.start(labFolder, {})).rejects.toThrow(/is up already/);
    await all.stopAll();
    sinon.assert.calledOnce(run.stop);
    expect(all.view('01-test')).toEqual({ state: 'stopped' });
    expect(all.labs).toEqual([]);
  });

  it('says what it ended by', async () => {
    const { run, end } = serverLike();
    const all = servers(() => Promise.resolve(run));
    await all.start(labFolder, {});
    end(new HumanError('The server crashed at line 3.'));
    await expect.poll(() => all.view('01-test')).toEqual({ state: 'failed', message: 'The server crashed at line 3.' });
  });

  it('that cannot start says so, and may be started again', async () => {
    const { run } = serverLike();
    const start = sinon.stub().onFirstCall().rejects(new HumanError('server.ts is missing.')).onSecondCall().resolves(run);
    const all = servers(start as () => Promise<LabServerRun>);
    await expect(all.start(labFolder, {})).rejects.toThrow('server.ts is missing.');
    expect(all.view('01-test')).toEqual({ state: 'failed', message: 'server.ts is missing.' });
    await all.start(labFolder, {});
    expect(all.view('01-test').state).toBe('running');
  });

  it('is not started without trust', async () => {
    fake.workspace.isTrusted = false;
    const start = sinon.stub();
    await expect(servers(start as () => Promise<LabServerRun>).start(labFolder, {})).rejects.toThrow(/not trusted/);
    sinon.assert.notCalled(start);
  });
});
