import { beforeEach, describe, expect, it } from 'vitest';
import type { PanelSnapshot } from '../../../src/shared/protocol.ts';
import type { Host } from '../../../webview/host.ts';
import { latestWins } from '../../../webview/latest.ts';
import { createStore, type LocalState, type Store } from '../../../webview/store.ts';
import { stepState } from '../../../webview/steps/tabs.tsx';
import { freshSnapshot, workedSnapshot } from '../../ui/panel/sampleSnapshot.ts';

/** Lets promises that are ready go on. */
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

class FakeHost implements Host {
  listener: (snapshot: PanelSnapshot) => void = () => undefined;
  readonly asked: { method: string; params: unknown; answer: (error?: Error) => void }[] = [];
  saved: unknown = undefined;

  start(listener: (snapshot: PanelSnapshot) => void): void {
    this.listener = listener;
  }
  request(method: string, params: unknown): Promise<void> {
    return new Promise((resolve, reject) => this.asked.push({ method, params, answer: (error) => (error ? reject(error) : resolve()) }));
  }
  savedState(): unknown {
    return this.saved;
  }
  saveState(state: unknown): void {
    this.saved = state;
  }
}

describe('the newest of many values', () => {
  it('is sent once a frame, one at a time, and what was overtaken never', async () => {
    const frames: (() => void)[] = [];
    const sent: number[] = [];
    let release: () => void = () => undefined;
    let idle = 0;
    const send = latestWins<number>(
      (value) => {
        sent.push(value);
        return new Promise((resolve) => (release = resolve));
      },
      (run) => frames.push(run),
      () => idle++,
    );
    for (const value of [1, 2, 3]) send(value);
    expect(frames).toHaveLength(1);
    frames.shift()?.();
    expect(sent).toEqual([3]);
    for (const value of [4, 5]) send(value);
    expect(frames).toHaveLength(0);
    release();
    await settle();
    frames.shift()?.();
    expect(sent).toEqual([3, 5]);
    expect(idle).toBe(0);
    release();
    await settle();
    expect(idle).toBe(1);
  });
});

describe('the panel store', () => {
  let host: FakeHost;
  let frames: (() => void)[];
  let store: Store;
  const open = (): void => {
    frames = [];
    store = createStore(host, (run) => frames.push(run));
    host.listener(freshSnapshot());
  };
  const nextFrame = async (): Promise<void> => {
    for (const run of frames.splice(0)) run();
    await settle();
  };
  beforeEach(() => {
    host = new FakeHost();
    open();
  });

  it('keeps what belongs to the reader across a reload, and drops it for another lab', async () => {
    store.updateLocal({ predictions: { 'how-many': '5' } });
    await nextFrame();
    open();
    expect(store.get().local.predictions).toEqual({ 'how-many': '5' });
    const snapshot = freshSnapshot();
    host.listener({ ...snapshot, lab: { ...snapshot.lab, id: 'another' } });
    expect(store.get().local.predictions).toEqual({});
  });

  it('does not take over what an older version has saved', () => {
    host.saved = { version: 0, lab: '05-accept-queue', predictions: { x: '1' } };
    open();
    expect(store.get().local.predictions).toEqual({});
  });

  it('saves at most once a frame, the newest', async () => {
    for (const text of ['1', '12', '123']) store.updateLocal({ predictions: { q: text } });
    expect(host.saved).toBeUndefined();
    expect(frames).toHaveLength(1);
    await nextFrame();
    expect((host.saved as LocalState).predictions.q).toBe('123');
  });

  it('shows a moved slider at once, and lets go of it when the host has answered', async () => {
    store.moveSliders({ backlog: 9 });
    expect(store.get().moved).toEqual({ backlog: 9 });
    await nextFrame();
    expect(host.asked[0]).toMatchObject({ method: 'setValues', params: { values: { backlog: 9, clients: 8 } } });
    host.asked[0]?.answer();
    await settle();
    expect(store.get().moved).toEqual({});
  });

  it("says the host's sentence when a request fails, until one succeeds", async () => {
    const refused = store.request('run', {});
    host.asked[0]?.answer(new Error('Answer the predictions first.'));
    expect(await refused).toBe(false);
    expect(store.get().failure).toBe('Answer the predictions first.');
    const done = store.request('openReadme', {});
    host.asked[1]?.answer();
    expect(await done).toBe(true);
    expect(store.get().failure).toBeNull();
  });

  it('lets a slider go also when the host refuses its value', async () => {
    store.moveSliders({ backlog: 9 });
    await nextFrame();
    host.asked[0]?.answer(new Error('Out of range.'));
    await settle();
    expect(store.get()).toMatchObject({ moved: {}, failure: 'Out of range.' });
  });
});

describe('what a tab says of its step', () => {
  const words = (snapshot: PanelSnapshot): string[] => (['predict', 'simulate', 'run', 'fix', 'check'] as const).map((step) => `${stepState(step, snapshot).icon} ${stepState(step, snapshot).words}`);

  it('before anything is done', () => {
    expect(words(freshSnapshot())).toEqual(['open 0 of 3 done', 'play ready', 'lock predict first', 'open 0 of 2 passed', 'open 0 of 3 right']);
  });

  it('when much is done', () => {
    expect(words(workedSnapshot())).toEqual(['check 3 of 3 done', 'play ready', 'check 2 of 3 agree', 'half 1 of 2 passed', 'half 1 of 3 right']);
  });

  it('where nothing may be run, or a run is under way or failed', () => {
    const snapshot = workedSnapshot();
    const run = (change: Partial<PanelSnapshot>): string => stepState('run', { ...snapshot, ...change }).words;
    expect(run({ trusted: false })).toBe('not trusted');
    expect(run({ run: { state: 'running', message: '', fraction: null } })).toBe('running');
    expect(run({ run: { state: 'failed', message: '' } })).toBe('failed');
    expect(run({ run: { state: 'cancelled' } })).toBe('cancelled');
    expect(run({ run: { state: 'idle' } })).toBe('not run yet');
  });
});
