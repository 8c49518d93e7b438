import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { after, hold, release, sleep } from '../../../src/runtime/patience.ts';

const [one, other] = [{}, {}];
let over: string[];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  over = [];
});
afterEach(() => {
  release(one);
  release(other);
  vi.useRealTimers();
});

describe('the clock of waiting', () => {
  it('is the real one while nobody holds it', () => {
    after(100, () => over.push('a'));
    vi.advanceTimersByTime(99);
    expect(over).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(over).toEqual(['a']);
  });

  it('stands still until all who hold it have let go, and then goes on with what was left', () => {
    after(100, () => over.push('a'));
    vi.advanceTimersByTime(60);
    hold(one);
    hold(other);
    after(10, () => over.push('b'));
    vi.advanceTimersByTime(60_000);
    release(one);
    vi.advanceTimersByTime(60_000);
    expect(over).toEqual([]);
    release(other);
    vi.advanceTimersByTime(39);
    expect(over).toEqual(['b']);
    vi.advanceTimersByTime(1);
    expect(over).toEqual(['b', 'a']);
  });

  it('forgets what was broken off, also while it stands', () => {
    const stop = after(10, () => over.push('a'));
    hold(one);
    stop();
    release(one);
    vi.advanceTimersByTime(100);
    expect(over).toEqual([]);
  });

  it('rejects a sleep with the signal’s reason, also one that comes too late', async () => {
    const abort = new AbortController();
    const sleeping = sleep(10, abort.signal);
    abort.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await expect(sleep(10, abort.signal)).rejects.toThrow('enough');
  });
});
