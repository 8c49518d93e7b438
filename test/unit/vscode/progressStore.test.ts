import sinon from 'sinon';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Memento } from 'vscode';
import { exerciseProgress, NO_PROGRESS, withExercise } from '../../../src/labs/progress.ts';
import { ProgressStore } from '../../../src/vscode/progressStore.ts';

/** The storage of several windows: each has a copy of its own, which it writes whole, and another's change comes later. */
class Storage {
  stored: Readonly<Record<string, unknown>> = {};
  readonly #windows: Window[] = [];

  window(): Window {
    const window = new Window(this);
    this.#windows.push(window);
    return window;
  }

  /** Every window hears of the last write. */
  settle(): void {
    for (const window of this.#windows) window.copy = this.stored;
  }
}

class Window {
  copy: Readonly<Record<string, unknown>>;
  constructor(readonly storage: Storage) {
    this.copy = storage.stored;
  }
  get(key: string, fallback?: unknown): unknown {
    return this.copy[key] ?? fallback;
  }
  update(key: string, value: unknown): Promise<void> {
    this.copy = { ...this.copy, [key]: JSON.parse(JSON.stringify(value)) as unknown };
    this.storage.stored = this.copy;
    return Promise.resolve();
  }
}

const log = { warn: sinon.stub() };
const changes = { fire: sinon.stub() };
const storeOf = (window: Window): ProgressStore => new ProgressStore(window as unknown as Memento, log, changes);
const pass = (id: string) => (progress: typeof NO_PROGRESS) => withExercise(progress, '05', id, { state: 'passed', points: 5 });

let clock: sinon.SinonFakeTimers;
let storage: Storage;
beforeEach(() => {
  clock = sinon.useFakeTimers({ now: 1000 });
  storage = new Storage();
});
afterEach(() => clock.restore());

describe('two windows at once', () => {
  it('lose nothing, although the later one overwrites the earlier one', async () => {
    const [one, two] = [storeOf(storage.window()), storeOf(storage.window())];
    await one.update(pass('x'));
    await two.update(pass('y'));
    storage.settle();
    expect(exerciseProgress(one.current, '05', 'x').state).toBe('passed');
    expect(exerciseProgress(one.current, '05', 'y').state).toBe('passed');

    await clock.tickAsync(5000);
    storage.settle();
    const later = storeOf(storage.window()).current;
    expect([exerciseProgress(later, '05', 'x').state, exerciseProgress(later, '05', 'y').state]).toEqual(['passed', 'passed']);
  });

  it('do not answer each other for ever', async () => {
    const [one, two] = [storeOf(storage.window()), storeOf(storage.window())];
    await one.update(pass('x'));
    await two.update(pass('y'));
    for (let i = 0; i < 4; i++) {
      storage.settle();
      await clock.tickAsync(5000);
    }
    const before = storage.stored;
    await clock.tickAsync(60_000);
    expect(storage.stored).toBe(before);
  });
});

describe('a state that cannot be read', () => {
  it('gives way to the one before, and is kept aside once', async () => {
    const store = storeOf(storage.window());
    await store.update(pass('x'));
    await storeOf(storage.window()).update(pass('y'));
    storage.stored = { ...storage.stored, progress: '{"version":2,"labs":{"05":{"labVer' };
    const next = storeOf(storage.window());
    expect(exerciseProgress(next.current, '05', 'x').state).toBe('passed');
    await next.update(pass('z'));
    expect(storage.stored['progress.aside']).toEqual(['{"version":2,"labs":{"05":{"labVer']);
    const last = storeOf(storage.window()).current;
    expect([exerciseProgress(last, '05', 'x').state, exerciseProgress(last, '05', 'z').state]).toEqual(['passed', 'passed']);
  });

  it('is not made by a window that ends between its writes', async () => {
    const first = storage.window();
    await storeOf(first).update(pass('x'));
    for (let writes = 0; writes < 3; writes++) {
      const window = storage.window();
      let left = writes;
      const update = window.update.bind(window);
      window.update = (key, value) => (left-- > 0 ? update(key, value) : new Promise(() => undefined));
      void storeOf(window).update(pass('y'));
      await clock.tickAsync(10);
      expect(exerciseProgress(storeOf(storage.window()).current, '05', 'x').state).toBe('passed');
    }
  });
});

it('takes up what an earlier version of the extension stored', async () => {
  const x = { state: 'passed', hintsShown: 2, points: 5 };
  storage.stored = { progress: { version: 1, labs: { '05': { labVersion: 1, step: 'fix', said: {}, values: {}, ran: true, quiz: {}, exercises: { x } } } } };
  const store = storeOf(storage.window());
  await store.update(pass('y'));
  expect(exerciseProgress(storeOf(storage.window()).current, '05', 'x')).toEqual(x);
});
