import sinon from 'sinon';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type * as vscode from 'vscode';
import { DebugSessions, type DebugEdge } from '../../../src/vscode/debugSessions.ts';
import { EventEmitter } from './vscodeFake.ts';

/** A session of VS Code's debugger, as its tracker sees it. */
class FakeSession {
  readonly session: vscode.DebugSession;
  #tracker: vscode.DebugAdapterTracker | undefined;

  constructor(
    private readonly fake: FakeDebug,
    port: number,
    parentSession?: vscode.DebugSession,
  ) {
    this.session = { configuration: { port }, parentSession } as unknown as vscode.DebugSession;
    this.#tracker = fake.factory?.createDebugAdapterTracker(this.session) as vscode.DebugAdapterTracker | undefined;
  }

  adapterSays(event: string): void {
    this.#tracker?.onDidSendMessage?.({ type: 'event', event });
  }

  /** What VS Code asks of the adapter, for the learner or since the program is over. */
  vscodeAsks(command: string): void {
    this.#tracker?.onWillReceiveMessage?.({ type: 'request', command });
  }

  ends(): void {
    this.fake.terminated.fire(this.session);
  }
}

/** `vscode.debug` without a debugger behind it. */
class FakeDebug implements DebugEdge {
  factory: vscode.DebugAdapterTrackerFactory | undefined;
  readonly terminated = new EventEmitter<vscode.DebugSession>();
  readonly onDidTerminateDebugSession = this.terminated.event as unknown as DebugEdge['onDidTerminateDebugSession'];
  readonly stopDebugging = sinon.stub<[session?: vscode.DebugSession], Thenable<void>>().resolves();

  registerDebugAdapterTrackerFactory(_: string, factory: vscode.DebugAdapterTrackerFactory): vscode.Disposable {
    this.factory = factory;
    return { dispose: () => (this.factory = undefined) };
  }
}

const never = new Promise<never>(() => undefined);

describe('the debug sessions of a grading', () => {
  let clock: sinon.SinonFakeTimers;
  let fake: FakeDebug;
  let cancel: sinon.SinonStub;
  let begin: (port: number) => Promise<boolean>;
  let sessions: DebugSessions;

  beforeEach(() => {
    clock = sinon.useFakeTimers();
    fake = new FakeDebug();
    cancel = sinon.stub();
    begin = () => Promise.resolve(true);
    sessions = new DebugSessions(fake, ({ port }) => begin(port), cancel);
  });
  afterEach(() => clock.restore());

  /** Attaches to a program; `over` says that it has ended. */
  function attach(port: number): { session: FakeSession; over: () => void } {
    let over!: () => void;
    void sessions.attach({ pid: port, port }, new Promise<void>((resolve) => (over = resolve)));
    return { session: new FakeSession(fake, port), over };
  }

  /** When `end()` resolved, in milliseconds from now. */
  async function endTakes(atMostMs: number): Promise<number> {
    const began = clock.now;
    let tookMs: number | undefined;
    void sessions.end().then(() => (tookMs = clock.now - began));
    await clock.tickAsync(atMostMs);
    expect(tookMs).toBeDefined();
    return tookMs as number;
  }

  it('end with their programs, one after another, and cancel nothing', async () => {
    for (const port of [1001, 1002]) {
      const { session, over } = attach(port);
      session.adapterSays('terminated');
      session.vscodeAsks('disconnect');
      session.ends();
      over();
      await clock.tickAsync(5000);
    }
    expect(await endTakes(10)).toBeLessThan(10);
    expect([cancel.callCount, fake.stopDebugging.callCount, sessions.problem]).toEqual([0, 0, undefined]);
  });

  it('are ended a moment after their program where they do not end by themselves, and nobody waits for one that stays', async () => {
    const { session, over } = attach(1001);
    over();
    await clock.tickAsync(900);
    expect(fake.stopDebugging.callCount).toBe(0);
    await clock.tickAsync(200);
    sinon.assert.calledOnceWithExactly(fake.stopDebugging, session.session);
    fake.stopDebugging.returns(never);
    expect(await endTakes(3000)).toBeGreaterThan(1000);
    expect(cancel.callCount).toBe(0);
  });

  it('cancel the grading as soon as the learner ends one, although its program runs on to its end', async () => {
    const { session, over } = attach(1001);
    session.vscodeAsks('disconnect');
    expect(cancel.callCount).toBe(1);
    over();
    session.adapterSays('terminated');
    session.ends();
    await clock.tickAsync(5000);
    expect([cancel.callCount, sessions.problem]).toEqual([1, undefined]);
  });

  it('cancel the grading where a session ends for no reason, as with its adapter, but not for what is below a session', async () => {
    const { session } = attach(1001);
    const below = new FakeSession(fake, 1001, session.session);
    below.vscodeAsks('disconnect');
    below.ends();
    expect(cancel.callCount).toBe(0);
    session.ends();
    expect(cancel.callCount).toBe(1);
  });

  it('are all ended with the grading, also one that only comes up then', async () => {
    const { session } = attach(1001);
    void sessions.attach({ pid: 1002, port: 1002 }, never);
    fake.stopDebugging.callsFake((ended) => {
      fake.terminated.fire(ended as vscode.DebugSession);
      return Promise.resolve();
    });
    const ended = sinon.stub();
    void sessions.end().then(ended);
    sinon.assert.calledOnceWithExactly(fake.stopDebugging, session.session);
    await clock.tickAsync(1000);
    expect(ended.callCount).toBe(0);
    const late = new FakeSession(fake, 1002);
    sinon.assert.calledWithExactly(fake.stopDebugging, late.session);
    await clock.tickAsync(10);
    expect([ended.callCount, cancel.callCount, fake.factory]).toEqual([1, 0, undefined]);
  });

  it('say so and cancel where no debugger attaches, and where it never answers', async () => {
    begin = () => Promise.resolve(false);
    attach(1001);
    await clock.tickAsync(0);
    expect(cancel.callCount).toBe(1);
    expect(sessions.problem?.message).toMatch(/could not be attached/);
    begin = () => never;
    attach(1002);
    await clock.tickAsync(29_000);
    expect(cancel.callCount).toBe(1);
    await clock.tickAsync(2000);
    expect(cancel.callCount).toBe(2);
    expect(sessions.problem?.message).toMatch(/not attached within 30 s/);
    expect(await endTakes(10)).toBeLessThan(10);
  });
});
