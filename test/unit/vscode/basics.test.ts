import { beforeEach, describe, expect, it } from 'vitest';
import sinon from 'sinon';
import * as vscode from 'vscode';
import { NO_PROGRESS, withExercise } from '../../../src/labs/progress.ts';
import { HumanError } from '../../../src/shared/errors.ts';
import { ActionableError } from '../../../src/vscode/actionableError.ts';
import { whatHasBegun } from '../../../src/vscode/begun.ts';
import { Lazy } from '../../../src/vscode/lazy.ts';
import { ProgressStore } from '../../../src/vscode/progressStore.ts';
import { Reporter } from '../../../src/vscode/reporter.ts';
import { parseScenarioText } from '../../../src/vscode/scenarioText.ts';
import { asTarget } from '../../../src/vscode/targets.ts';
import { Turn } from '../../../src/vscode/turn.ts';
import * as fake from './vscodeFake.ts';

const log = { error: sinon.stub(), warn: sinon.stub() };
beforeEach(() => {
  fake.resetFake();
  log.error.reset();
  log.warn.reset();
});

/** VS Code's storage in memory: values go through JSON, as they do there. */
function memento(initial: Record<string, unknown> = {}) {
  const values = new Map(Object.entries(initial).map(([key, value]) => [key, JSON.stringify(value)]));
  return {
    keys: () => [...values.keys()],
    get: <T>(key: string, fallback?: T) => (values.has(key) ? (JSON.parse(values.get(key) as string) as T) : fallback) as T,
    update: async (key: string, value: unknown) => {
      values.set(key, JSON.stringify(value));
    },
    setKeysForSync: () => undefined,
  };
}

describe('progress in storage', () => {
  const change = { fire: sinon.stub() };
  const passed = (id: string) => (progress: typeof NO_PROGRESS) => withExercise(progress, 'lab', id, { state: 'passed', points: 3 });

  it('comes back as it was', async () => {
    const storage = memento();
    expect(whatHasBegun(storage)).toEqual({ begun: false, predicted: false, ran: false, graded: false });
    await new ProgressStore(storage, log, change).update(passed('a'));
    expect(new ProgressStore(storage, log, change).current.labs.lab?.exercises.a).toMatchObject({ state: 'passed', points: 3 });
    expect(whatHasBegun(storage)).toEqual({ begun: true, predicted: false, ran: false, graded: true });
    sinon.assert.calledWith(change.fire, 'progress');
  });

  it('keeps what two windows add in turn', async () => {
    const storage = memento();
    const [one, two] = [new ProgressStore(storage, log, change), new ProgressStore(storage, log, change)];
    await one.update(passed('a'));
    await two.update(passed('b'));
    await one.update(passed('c'));
    expect(Object.keys(two.current.labs.lab?.exercises ?? {}).sort()).toEqual(['a', 'b', 'c']);
  });

  it.each([['text'], [{ version: 99, labs: {} }], [{ version: 1, labs: { lab: 'broken' } }], [null]])('puts %j aside and begins anew', async (broken) => {
    const storage = memento({ progress: broken });
    const store = new ProgressStore(storage, log, change);
    expect(store.current).toEqual(NO_PROGRESS);
    await store.update(passed('a'));
    expect(store.current.labs.lab?.exercises.a?.state).toBe('passed');
    expect(storage.get('progress.aside')).toEqual([broken]);
    sinon.assert.calledOnce(log.warn);
  });
});

describe('the reporter', () => {
  const reporter = new Reporter(log as unknown as vscode.LogOutputChannel);

  it('shows a person’s error as its sentence', async () => {
    const work = (): Promise<number> => Promise.reject(new HumanError('Start it first.'));
    expect(await reporter.guard('Grading', work)).toBeUndefined();
    sinon.assert.calledOnceWithExactly(fake.window.showErrorMessage, 'Start it first.');
    sinon.assert.notCalled(log.error);
  });

  it('runs the command of the button that is pressed', async () => {
    fake.window.showErrorMessage.resolves('Trust');
    await reporter.guard('Grading', () => {
      throw new ActionableError('Trust it first.', { title: 'Trust', command: 'workbench.trust.manage', args: [1] });
    });
    await expect.poll(() => fake.commands.executeCommand.args).toEqual([['workbench.trust.manage', 1]]);
  });

  it('logs a bug with its stack, and shows one sentence with the log', async () => {
    await reporter.guard('Grading', () => {
      throw new TypeError('x is undefined');
    });
    expect(log.error.firstCall.args[0]).toMatch(/^Grading: TypeError: x is undefined\n\s+at /);
    const [sentence, ...buttons] = fake.window.showErrorMessage.firstCall.args as string[];
    expect(sentence).not.toContain('x is undefined');
    expect(buttons).toEqual(['Show Log']);
  });

  it('says nothing of what the learner cancelled', async () => {
    await reporter.guard('Grading', () => Promise.reject(new vscode.CancellationError()));
    await reporter.guard('Grading', () => Promise.reject(new DOMException('', 'AbortError')));
    sinon.assert.notCalled(fake.window.showErrorMessage);
    sinon.assert.notCalled(log.error);
  });

  it('returns what the work returns', async () => {
    expect(await reporter.guard('Grading', () => 42)).toBe(42);
  });
});

describe('what is made late', () => {
  it('is made once, and tried again after a failure', async () => {
    const make = sinon.stub().onFirstCall().rejects(new Error('disk')).onSecondCall().resolves({ dispose: sinon.stub() });
    const lazy = new Lazy(make as () => Promise<{ dispose(): void }>);
    await expect(lazy.get()).rejects.toThrow('disk');
    expect(lazy.current).toBeUndefined();
    const [one, two] = await Promise.all([lazy.get(), lazy.get()]);
    expect(one).toBe(two);
    expect(lazy.current).toBe(one);
    sinon.assert.calledTwice(make);
  });

  it('is disposed at once when it arrives after its owner is gone', async () => {
    const dispose = sinon.stub();
    const lazy = new Lazy(() => Promise.resolve({ dispose }));
    const arriving = lazy.get();
    lazy.dispose();
    await arriving;
    sinon.assert.calledOnce(dispose);
    expect(lazy.current).toBeUndefined();
  });
});

describe('a turn', () => {
  it('lets one work at a time, and is not held up by one that fails', async () => {
    const turn = new Turn();
    const { signal } = new AbortController();
    const order: string[] = [];
    const work = (name: string, fails = false) => turn.take(signal, async () => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
      if (fails) throw new Error(name);
    });
    await Promise.allSettled([work('a', true), work('b')]);
    expect(order).toEqual(['a begins', 'a ends', 'b begins', 'b ends']);
    expect(turn.busy).toBe(false);
  });

  it('that is given up while it waits never begins, and ends at once', async () => {
    const turn = new Turn();
    let endFirst: () => void = () => undefined;
    const first = turn.take(new AbortController().signal, () => new Promise<void>((resolve) => (endFirst = resolve)));
    const abort = new AbortController();
    const work = sinon.stub();
    const second = turn.take(abort.signal, work);
    abort.abort();
    await expect(second).rejects.toMatchObject({ name: 'AbortError' });
    endFirst();
    await first;
    await turn.take(new AbortController().signal, () => Promise.resolve());
    sinon.assert.notCalled(work);
  });
});

describe('a command’s argument', () => {
  it('names a lab or an exercise, whatever carries the ids', () => {
    expect(asTarget({ lab: 'a', exercise: 'b', label: 'x' })).toEqual({ lab: 'a', exercise: 'b' });
    expect(asTarget('a')).toEqual({ lab: 'a' });
    for (const other of [undefined, null, 3, {}, { lab: 3 }, vscode.Uri.file('/x')]) expect(asTarget(other)).toEqual({});
  });
});

describe('a scenario file', () => {
  it('that is not JSON is named', () => {
    expect(() => parseScenarioText('{', 'x.json')).toThrow(/^x\.json is not JSON: /);
    expect(parseScenarioText('{"kind":"tcp"}', 'x.json')).toEqual({ kind: 'tcp' });
  });
});
