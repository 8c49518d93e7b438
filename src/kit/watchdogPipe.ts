import { Session, type Debugger } from 'node:inspector';
import { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
import type { FromProgram, Place, ToProgram } from '../shared/rpc.ts';
import { PROGRAM_PIPE, tell } from './programPipe.ts';
import { readLines } from './lines.ts';

/** Between the watchdog thread of a program and its main thread. */
export type ToMainThread = { readonly type: 'ping' } | Extract<ToProgram, { type: 'call' }>;

/** What the main thread says to its watchdog. */
export type FromMainThread = 'pong' | 'follow';

/** Who does not answer for so long while it is debugged is held. */
const HELD_MS = 50;
/** How long the inspector may take to find the place. Code that waits in the kernel, or in Atomics.wait, is never found. */
const PAUSE_MS = 600;
/** A module in a run's folder. */
const OWN_FILE = /^file:.*\/backend-labs-run-[^/]+\/(learner|lab)\//;

/** Answers where the main thread is, and hands calls on to it. The pipe is read here since the main thread may be busy. */
export function answerOnPipe(): void {
  const pipe = new Socket({ fd: PROGRAM_PIPE, readable: true, writable: true });
  // The runner at the other end went away; the watchdog's own clock sees to what follows.
  pipe.on('error', () => undefined);
  readLines(pipe, (message) => {
    const request = message as ToProgram;
    if (request.type === 'call') parentPort?.postMessage(request satisfies ToMainThread);
    else void whereabouts(request).then((answer) => pipe.write(`${JSON.stringify(answer)}\n`));
  });
}

/**
 * Tells when the main thread is held, as by a debugger, and when it goes on, by whether it answers. It is told to begin once
 * the debugger is there. (A session with the inspector of its own would know for certain, and made Node 20 crash now and then.)
 */
export function tellWhenHeld(): void {
  parentPort?.on('message', (message: FromMainThread) => {
    if (message === 'follow') void follow();
  });
}

async function follow(): Promise<never> {
  for (;;) {
    const answer = pong();
    if (!(await Promise.race([answer, sleep(HELD_MS, false)]))) {
      tell({ type: 'held' });
      await answer;
      tell({ type: 'released' });
    }
    await sleep(HELD_MS);
  }
}

async function whereabouts({ id, patienceMs }: Extract<ToProgram, { type: 'where' }>): Promise<FromProgram> {
  const responsive = await Promise.race([pong(), sleep(patienceMs, false)]);
  const place = responsive ? null : await Promise.race([findPlace().catch(() => null), sleep(PAUSE_MS, null)]);
  return { type: 'whereabouts', id, responsive, place };
}

function pong(): Promise<boolean> {
  return new Promise((resolve) => {
    parentPort?.once('message', () => resolve(true));
    parentPort?.postMessage({ type: 'ping' } satisfies ToMainThread);
  });
}

/** Interrupts the main thread for a moment and reads its innermost frame of a file in the learner's or the lab's folder. */
async function findPlace(): Promise<Place | null> {
  const session = new Session();
  if (typeof session.connectToMainThread !== 'function') return null;
  session.connectToMainThread();
  const paused = new Promise<Debugger.PausedEventDataType>((resolve) => session.once('Debugger.paused', ({ params }) => resolve(params)));
  // A frame may come without its file's address; the list of scripts has it.
  const urls = new Map<string, string>();
  session.on('Debugger.scriptParsed', ({ params }) => urls.set(params.scriptId, params.url));
  session.post('Debugger.enable');
  session.post('Debugger.pause');
  const { callFrames } = await paused;
  session.post('Debugger.resume');
  session.post('Debugger.disable');
  const frame = callFrames.find(({ location }) => OWN_FILE.test(urls.get(location.scriptId) ?? ''));
  if (!frame) return null;
  return { line: frame.location.lineNumber, column: frame.location.columnNumber ?? 0, functionName: frame.functionName };
}
