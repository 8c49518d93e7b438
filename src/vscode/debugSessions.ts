import type * as vscode from 'vscode';
import { HumanError } from '../shared/errors.ts';
import type { DebugTarget } from '../shared/rpc.ts';

/** What is needed of `vscode.debug`. */
export type DebugEdge = Pick<typeof vscode.debug, 'stopDebugging' | 'onDidTerminateDebugSession' | 'registerDebugAdapterTrackerFactory'>;

/** The debugger lets its program go on within moments; attaching asks the learner nothing. */
const ATTACH_MS = 30_000;
/** The session of a program that is over ends by itself, a moment later. One that does not is ended. */
const GRACE_MS = 1000;
/** A session that we ended may take so long to go before nobody waits for it. VS Code gives its adapter 2 s. */
const END_MS = 2500;

/** The debug session of one program. VS Code begins others below it, for the process and each of its threads, which end with it. */
class Attached {
  session: vscode.DebugSession | undefined;
  /** True once its end is no wish of the learner's: its adapter told that the program is over, or we end it. */
  expected = false;
  readonly closed: Promise<void>;
  close!: () => void;

  constructor(readonly port: number) {
    this.closed = new Promise((resolve) => (this.close = resolve));
  }
}

/**
 * The debug sessions of one grading, one for each program that its checks start. `start` begins the session of a program and
 * resolves with whether it began; `cancel` is called where the learner ends one, or none can be had.
 */
export class DebugSessions {
  /** Why no debugger could be attached. */
  problem: Error | undefined;
  readonly #open = new Set<Attached>();
  readonly #listeners: vscode.Disposable[];
  #ending = false;

  constructor(
    private readonly debug: DebugEdge,
    private readonly start: (target: DebugTarget) => Thenable<boolean>,
    private readonly cancel: () => void,
  ) {
    this.#listeners = [
      // Only the traffic with the adapter tells who ends a session: to leave a program lets it run on, and it may be over before VS Code says that the session is.
      debug.registerDebugAdapterTrackerFactory('*', { createDebugAdapterTracker: (session) => this.#track(session) }),
      debug.onDidTerminateDebugSession((session) => this.#of(session, (attached) => this.#over(attached))),
    ];
  }

  /** Attaches the debugger to a program that waits for it; its session is over soon after `ended` resolves. */
  async attach(target: DebugTarget, ended: Promise<void>): Promise<void> {
    const attached = new Attached(target.port);
    this.#open.add(attached);
    void attached.closed.then(() => this.#open.delete(attached));
    void ended.then(() => within(GRACE_MS, attached.closed)).then(() => this.#stop(attached));
    try {
      const began = await Promise.race([this.start(target), later(ATTACH_MS, 'late' as const)]);
      if (began === true) return;
      attached.close();
      if (this.#ending || attached.expected) return;
      const why = began === false ? 'could not be attached' : `was not attached within ${ATTACH_MS / 1000} s`;
      this.problem = new HumanError(`VS Code’s JavaScript debugger ${why}: see whether the built-in extension "JavaScript Debugger" is enabled.`);
    } catch (error) {
      attached.close();
      this.problem = error instanceof Error ? error : new Error(String(error));
    }
    this.cancel();
  }

  /** Ends the sessions that are left. Resolves when they are gone, or after a while. */
  async end(): Promise<void> {
    this.#ending = true;
    const closed = Promise.all([...this.#open].map((attached) => attached.closed));
    for (const attached of this.#open) this.#stop(attached);
    await within(END_MS, closed);
    // A session that only comes up now is ended too.
    void within(ATTACH_MS, closed).then(() => {
      for (const listener of this.#listeners) listener.dispose();
    });
  }

  #track(session: vscode.DebugSession): vscode.DebugAdapterTracker | undefined {
    return this.#of(session, (attached) => {
      attached.session = session;
      if (this.#ending || attached.expected) this.#stop(attached);
      return {
        onDidSendMessage: ({ event }: { event?: string }) => {
          if (event === 'terminated') attached.expected = true;
        },
        onWillReceiveMessage: ({ command }: { command?: string }) => {
          if (command === 'disconnect' || command === 'terminate') this.#left(attached);
        },
      };
    });
  }

  #of<T>({ parentSession, configuration }: vscode.DebugSession, then: (attached: Attached) => T): T | undefined {
    const attached = parentSession ? undefined : [...this.#open].find(({ port }) => port === configuration.port);
    return attached && then(attached);
  }

  #over(attached: Attached): void {
    this.#left(attached);
    attached.close();
  }

  #left(attached: Attached): void {
    if (attached.expected) return;
    attached.expected = true;
    this.cancel();
  }

  #stop(attached: Attached): void {
    attached.expected = true;
    if (attached.session && this.#open.has(attached)) void this.debug.stopDebugging(attached.session).then(undefined, () => attached.close());
  }
}

/** Resolves with `value` in `ms` milliseconds, for which no process is kept alive. */
function later<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms).unref());
}

async function within(ms: number, done: Promise<unknown>): Promise<void> {
  await Promise.race([done, later(ms, undefined)]);
}
