import { findRoot } from '../runtime/xray/target.ts';
import { XraySampler } from '../runtime/xray/sampler.ts';
import type { XraySample } from '../shared/xray/sample.ts';
import type { XraySnapshot } from '../shared/xray/view.ts';
import { withChanges, withSample } from '../sim/xray/history.ts';
import { recognise } from '../sim/xray/recognise.ts';

/** From one sample to the next at the least and at the most, and how much of the time looking may take. */
const FASTEST_MS = 200;
const SLOWEST_MS = 1000;
const PART = 20;

const START: Omit<XraySnapshot, 'asked'> = { state: 'looking', problem: null, sample: null, recognition: null, history: [], changes: [], intervalMs: FASTEST_MS, ageMs: 0 };

/** A server under the X-ray: takes samples when told to, and keeps the last minute of them. */
export class Xray {
  private shown: XraySnapshot;

  constructor(
    asked: string,
    private readonly sampler: { sample(): Promise<XraySample | null> },
    private readonly nowMs: () => number,
  ) {
    this.shown = { ...START, asked };
  }

  /** Finds the server that `asked` names (a pid, `:PORT` or a program's name); throws a sentence where there is none. */
  static async of(asked: string, nowMs: () => number): Promise<Xray> {
    return new Xray(asked, new XraySampler(await findRoot(asked), nowMs), nowMs);
  }

  get snapshot(): XraySnapshot {
    const { sample } = this.shown;
    return { ...this.shown, ageMs: sample ? Math.max(0, this.nowMs() - sample.takenAtMs - sample.tookMs) : 0 };
  }

  /** Takes one sample more, unless it is paused or the process has ended. */
  async take(): Promise<XraySnapshot> {
    if (this.shown.state !== 'looking' && this.shown.state !== 'live') return this.snapshot;
    const sample = await this.sampler.sample();
    const { sample: before, history, changes, asked } = this.shown;
    if (!sample) this.shown = { ...this.shown, state: 'ended' };
    else {
      const port = /^:(\d+)$/.exec(asked)?.[1];
      this.shown = {
        ...this.shown,
        // A pause that came while the sample was taken stays one.
        state: this.shown.state === 'looking' ? 'live' : this.shown.state,
        sample,
        recognition: recognise(sample, port === undefined ? null : Number(port)),
        history: withSample(history, before, sample),
        changes: withChanges(changes, before, sample),
        intervalMs: Math.min(SLOWEST_MS, Math.max(FASTEST_MS, PART * sample.tookMs)),
      };
    }
    return this.snapshot;
  }

  /** No sample comes any more; `problem` says why. */
  fail(problem: string): void {
    this.shown = { ...this.shown, state: 'failed', problem };
  }

  pause(): void {
    if (this.shown.state === 'live') this.shown = { ...this.shown, state: 'paused' };
  }

  resume(): void {
    if (this.shown.state === 'paused') this.shown = { ...this.shown, state: 'live' };
  }
}
