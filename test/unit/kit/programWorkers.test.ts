import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { ProgramWorkers } from '../../../src/kit/programWorkers.ts';

const sleeper = (): Worker => new Worker('setInterval(() => undefined, 1000)', { eval: true });

describe('the workers of a program', () => {
  it('crashes one that lives though others have ended since they were counted, and none where none lives', async () => {
    const watchdog = sleeper();
    await once(watchdog, 'online');
    const workers = new ProgramWorkers(watchdog);
    try {
      expect(await workers.crash(0)).toBeNull();
      const [first, second] = [sleeper(), sleeper()];
      await Promise.all([once(first, 'online'), once(second, 'online')]);
      expect(workers.alive).toBe(2);
      await first.terminate();
      const id = second.threadId;
      expect(await workers.crash(1)).toEqual({ kind: 'thread', id });
      expect(await workers.crash(1)).toBeNull();
    } finally {
      await watchdog.terminate();
    }
  });
});
