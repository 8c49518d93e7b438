import type { FromRunner } from '../shared/rpc.ts';
import type { RunnerHost } from './runnerHost.ts';
import { whyNoResult } from './runFailure.ts';
import { superviseRunner } from './superviseRunner.ts';

/** A lab's server that was started to stay up. */
export interface LabServerRun {
  readonly port: number;
  /** Of the server's own process. */
  readonly pid: number;
  /** Resolves when nothing is left of it: with the error it ended by, or null when it was stopped or cancelled. */
  readonly exited: Promise<Error | null>;
  stop(): Promise<void>;
}

const START_MS = 15_000;

/** Starts a lab's `server.ts` and resolves when it listens. It stays up until it is stopped or `signal` is aborted. */
export async function startLabServer(
  plan: { readonly labDir: string; readonly values: Readonly<Record<string, number>> },
  host: RunnerHost,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<LabServerRun> {
  let failed: Extract<FromRunner, { type: 'failed' }> | undefined;
  let nowServing: (message: Extract<FromRunner, { type: 'serving' }>) => void;
  const serving = new Promise<Extract<FromRunner, { type: 'serving' }>>((resolve) => (nowServing = resolve));
  const onMessage = (message: FromRunner): void => {
    if (message.type === 'serving') nowServing(message);
    else if (message.type === 'failed') failed = message;
  };
  const runner = await superviseRunner({ type: 'serve', ...plan }, host, { signal, deadlineMs: null, onMessage });
  const slow = setTimeout(() => void runner.stop(), START_MS);
  const first = await Promise.race([serving, runner.ended]);
  clearTimeout(slow);
  if (!('port' in first)) {
    signal?.throwIfAborted();
    throw whyNoResult(failed, first, START_MS);
  }
  const exited = runner.ended.then((end) => (end.reason === 'finished' ? whyNoResult(failed, end, null) : null));
  return { port: first.port, pid: first.pid, exited, stop: () => runner.stop().then(() => undefined) };
}
