import { Session } from 'node:inspector';
import type { Place } from '../../shared/rpc.ts';

/** How long the inspector may take. Code that waits in Atomics.wait is never found. */
const FIND_MS = 1500;
/** A module in a run's folder. */
const OWN_FILE = /^file:.*\/backend-labs-run-[^/]+\/learner\//;

interface CallFrame {
  readonly functionName: string;
  readonly url: string;
  readonly location: { readonly scriptId: string; readonly lineNumber: number; readonly columnNumber?: number };
}

interface Spoken {
  readonly method?: string;
  readonly params?: { readonly callFrames?: readonly CallFrame[]; readonly scriptId?: string; readonly url?: string };
}

/** Interrupts this process's worker threads for a moment and reads the innermost frame of the learner's file; null where none is in it. */
export async function whereIs(threadIds: readonly number[]): Promise<Place | null> {
  const session = new Session();
  session.connect();
  const urls = new Map<string, string>();
  const sessions: string[] = [];
  let messages = 0;
  const say = (sessionId: string, method: string): void => session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id: ++messages, method }) });
  const found = new Promise<Place>((resolve) => {
    session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
      // Its id counts what was attached; the thread's own stands in the title.
      if (!threadIds.some((id) => workerInfo.title.includes(`[worker ${id}]`))) return;
      sessions.push(sessionId);
      for (const method of ['Debugger.enable', 'Debugger.pause']) say(sessionId, method);
    });
    session.on('NodeWorker.receivedMessageFromWorker', ({ params: { sessionId, message } }) => {
      const { method, params } = JSON.parse(message) as Spoken;
      if (method === 'Debugger.scriptParsed') urls.set(`${sessionId} ${params?.scriptId ?? ''}`, params?.url ?? '');
      if (method !== 'Debugger.paused') return;
      const frame = params?.callFrames?.find(({ url, location }) => OWN_FILE.test(url || (urls.get(`${sessionId} ${location.scriptId}`) ?? '')));
      if (frame) resolve({ line: frame.location.lineNumber, column: frame.location.columnNumber ?? 0, functionName: frame.functionName });
    });
  });
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false });
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => (timer = setTimeout(resolve, FIND_MS, null)));
  try {
    return await Promise.race([found, late]);
  } finally {
    clearTimeout(timer);
    // One that stands still cannot be ended.
    for (const sessionId of sessions) for (const method of ['Debugger.resume', 'Debugger.disable']) say(sessionId, method);
    session.disconnect();
  }
}
