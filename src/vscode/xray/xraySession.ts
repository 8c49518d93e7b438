import { setTimeout as wait } from 'node:timers/promises';
import type { From, To } from '../../shared/protocol.ts';
import type { XrayRequests, XraySnapshot } from '../../shared/xray/view.ts';

/** What is under the X-ray: `Xray` of src/labs. */
export interface Watched {
  readonly snapshot: XraySnapshot;
  take(): Promise<XraySnapshot>;
  pause(): void;
  resume(): void;
  fail(problem: string): void;
}

export interface XrayServices {
  /** False while the panel is behind another: nothing is read then, and the curves show a gap. */
  visible(): boolean;
  sentence(error: unknown, doing: string): string;
  showLog(): void;
}

/** While nothing is sampled, it is looked again this often whether that has changed, in ms. */
const IDLE_MS = 200;

/** The host's side of one X-ray panel: takes samples as long as it is not disposed, and sends each as a whole snapshot. */
export class XraySession {
  private readonly stop = new AbortController();
  private readonly handlers: { readonly [M in keyof XrayRequests]: () => void };

  constructor(
    private readonly watched: Watched,
    private readonly services: XrayServices,
    private readonly post: (message: To<XraySnapshot>) => void,
  ) {
    this.handlers = { pause: () => watched.pause(), resume: () => watched.resume(), showLog: () => services.showLog() };
  }

  /** Takes a message of the panel; never throws. */
  receive(message: From<XrayRequests>): void {
    if (message.type === 'ready') return this.refresh();
    const { id, method } = message;
    const handle = Object.hasOwn(this.handlers, method) ? this.handlers[method] : undefined;
    handle?.();
    this.refresh();
    this.post({ type: 'reply', id, ...(handle ? {} : { error: `The panel asked for "${method}", which does not exist.` }) });
  }

  /** Samples until the process has ended, sampling failed or this is disposed; never rejects. */
  async run(): Promise<void> {
    while (!this.stop.signal.aborted) {
      const { state, intervalMs } = this.watched.snapshot;
      if (state === 'ended' || state === 'failed') return;
      const sampling = state !== 'paused' && this.services.visible();
      if (sampling) await this.sample();
      await wait(sampling ? intervalMs : IDLE_MS, undefined, { signal: this.stop.signal }).catch(() => undefined);
    }
  }

  dispose(): void {
    this.stop.abort();
  }

  private async sample(): Promise<void> {
    try {
      await this.watched.take();
    } catch (error) {
      this.watched.fail(this.services.sentence(error, 'Looking at the process'));
    }
    if (!this.stop.signal.aborted) this.refresh();
  }

  private refresh(): void {
    this.post({ type: 'snapshot', snapshot: this.watched.snapshot });
  }
}
