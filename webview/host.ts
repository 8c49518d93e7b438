import type { PanelRequests, PanelSnapshot, To } from '../src/shared/protocol.ts';

/** VS Code's side of a webview: the only place that calls `acquireVsCodeApi` and `postMessage`. */
interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** How long a request may go unanswered, in milliseconds; running and grading reply when they have begun or ended, whichever the host prefers. */
const TIMEOUT_MS = 300_000;

/** The host of a page that shows snapshots `S` and may send the requests of `R`. */
export interface Host<S = PanelSnapshot, R = PanelRequests> {
  /** Asks for the first snapshot, and calls `listener` with each one. */
  start(listener: (snapshot: S) => void): void;
  /** Resolves when the host has done it; rejects with the host's sentence when it could not. */
  request<M extends keyof R>(method: M, params: R[M]): Promise<void>;
  savedState(): unknown;
  saveState(state: unknown): void;
}

/** Connects to the extension host; to be called once. */
export function connect<S = PanelSnapshot, R = PanelRequests>(): Host<S, R> {
  const api = acquireVsCodeApi();
  const waiting = new Map<number, (error?: string) => void>();
  let lastId = 0;
  let listen: (snapshot: S) => void = () => undefined;

  addEventListener('message', ({ data }: MessageEvent<To<S>>) => {
    if (data.type === 'snapshot') listen(data.snapshot);
    else waiting.get(data.id)?.(data.error);
  });

  return {
    start(listener) {
      listen = listener;
      api.postMessage({ type: 'ready' });
    },
    request(method, params) {
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => settle('Backend Labs did not answer. Reload the window, then try again.'), TIMEOUT_MS);
        const settle = (error?: string): void => {
          clearTimeout(timer);
          waiting.delete(id);
          if (error === undefined) resolve();
          else reject(new Error(error));
        };
        waiting.set(id, settle);
        api.postMessage({ type: 'request', id, method, params });
      });
    },
    savedState: () => api.getState(),
    saveState: (state) => api.setState(state),
  };
}
