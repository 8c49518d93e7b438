import { beforeEach, describe, expect, it } from 'vitest';
import sinon from 'sinon';
import type { LabFolder } from '../../../src/catalog/catalog.ts';
import { labProgress } from '../../../src/labs/progress.ts';
import { HumanError } from '../../../src/shared/errors.ts';
import type { FromPanel, PanelMethod, PanelRequests, PanelSnapshot, RunView, ServerView, ToPanel } from '../../../src/shared/protocol.ts';
import type { Comparison } from '../../../src/shared/report.ts';
import { TraceBuilder } from '../../../src/shared/trace.ts';
import { PanelSession } from '../../../src/vscode/panel/panelSession.ts';
import type { PanelActions, PanelServices } from '../../../src/vscode/panel/panelServices.ts';
import { labFolder, progressIn } from './fixtures.ts';

const trace = new TraceBuilder('measured', 'tcp').build(0);
const comparison: Comparison = { quantity: 'longest', label: 'Longest queue', unit: 'connections', predicted: 2, measured: 3, error: 1, tolerance: 0, outcome: 'differs', why: 'It differs.' };
const ran: RunView = { state: 'done', predicted: trace, measured: trace, comparisons: [comparison], notes: [], values: { backlog: 1 } };

let progress: ReturnType<typeof progressIn>;
let run: RunView;
let server: ServerView;
let actions: { [A in keyof PanelActions]: sinon.SinonStub };
let sent: ToPanel[];
let services: PanelServices;
let session: PanelSession;
let lastId: number;

beforeEach(() => {
  progress = progressIn();
  run = { state: 'idle' };
  server = { state: 'stopped' };
  sent = [];
  lastId = 0;
  const stub = (): sinon.SinonStub => sinon.stub().resolves();
  actions = {
    ...{ startRun: stub(), cancelRun: stub(), startServer: stub(), stopServer: stub(), copyText: stub(), typeInTerminal: stub(), openExercise: stub() },
    ...{ startGrading: stub(), cancelGrading: stub(), nextHint: stub(), openSolution: stub(), openReadme: stub(), startLab: stub(), showLog: stub() },
  };
  services = {
    progress,
    trusted: () => true,
    machine: () => null,
    titleOf: (lab) => (lab === '02-other' ? 'Another lab' : undefined),
    run: () => run,
    recall: () => Promise.resolve(),
    server: () => server,
    isGrading: () => false,
    report: () => null,
    sentence: (error) => (error instanceof HumanError ? error.message : `bug: ${String(error)}`),
    actions,
  };
  session = sessionOf(labFolder);
});

function sessionOf(folder: LabFolder): PanelSession {
  return new PanelSession(folder, services, (message) => sent.push(JSON.parse(JSON.stringify(message)) as ToPanel));
}

async function ask<M extends PanelMethod>(method: M, params: PanelRequests[M]): Promise<string | undefined> {
  const id = ++lastId;
  await session.receive({ type: 'request', id, method, params } as FromPanel);
  const replies = sent.filter((message) => message.type === 'reply' && message.id === id);
  expect(replies).toHaveLength(1);
  return (replies[0] as Extract<ToPanel, { type: 'reply' }>).error;
}

function last(): PanelSnapshot {
  const message = sent.findLast((one) => one.type === 'snapshot');
  return (message as Extract<ToPanel, { type: 'snapshot' }>).snapshot;
}

describe('a panel session', () => {
  it('answers "ready" with a whole snapshot, in the shape of the lab', async () => {
    await session.receive({ type: 'ready' });
    expect(sent).toHaveLength(1);
    expect(last()).toMatchObject({ step: 'predict', runLocked: true, trusted: true, values: { backlog: 1 }, lab: { title: 'A test lab', next: { id: '02-other', title: 'Another lab' } } });
    expect(last().simulation.state).toBe('done');
    expect(last().exercises.map(({ id, state, moreHints }) => [id, state, moreHints])).toEqual([['fix-it', 'not-started', true], ['mend-it', 'not-started', true]]);
    expect(last().exercises[0]?.task).toBe('Mend it.\n\n- All of it');
  });

  it('has the page look at an exercise, each time anew', async () => {
    await session.receive({ type: 'ready' });
    expect(last().lookAt).toBeUndefined();
    await session.lookAt('mend-it');
    expect(last()).toMatchObject({ step: 'fix', lookAt: { exercise: 'mend-it', times: 1 } });
    await session.lookAt('mend-it');
    expect(last().lookAt?.times).toBe(2);
  });

  it('never sends the key of the quiz, the reasons of predictions or hints before their time', async () => {
    await session.receive({ type: 'ready' });
    const text = JSON.stringify(sent);
    expect(text).not.toMatch(/SECRET|LADDER|correct/);
    expect(text).not.toContain('Look at the next.');
  });

  it('explains a wrong answer without giving the right one away', async () => {
    expect(await ask('answerQuiz', { question: 'q0', answer: { options: ['b'] } })).toBeUndefined();
    expect(JSON.stringify(last().quiz)).toContain('SECRET-WRONG');
    expect(JSON.stringify(last().quiz)).not.toContain('SECRET-RIGHT');
    await ask('retryQuiz', { question: 'q0' });
    expect(last().quiz[0]?.verdict).toBeNull();
  });

  it('asks the rest of the pool on request, and keeps what was answered', async () => {
    session = sessionOf({ ...labFolder, quiz: { ...labFolder.quiz, ask: 3 } });
    await session.receive({ type: 'ready' });
    const first = last().quiz.map(({ id }) => id);
    expect([first.length, last().quizLeft]).toEqual([3, 2]);
    await ask('answerQuiz', { question: first[0] ?? '', answer: { options: ['a'] } });
    await ask('askOthers', {});
    expect(last().quiz.map(({ id }) => id).sort()).toEqual(['q0', 'q1', 'q2', 'q3', 'q4'].filter((id) => !first.includes(id)));
    expect(last().quizLeft).toBe(0);
    expect(labProgress(progress.current, '01-test').quiz[first[0] ?? '']?.correct).toBe(true);
  });

  it('locks Run until each prediction is said or skipped', async () => {
    expect(await ask('run', {})).toMatch(/Predict first/);
    await ask('predict', { answers: { 'how-many': 3 } });
    expect(last().runLocked).toBe(true);
    expect(await ask('run', {})).toMatch(/Predict first/);
    sinon.assert.notCalled(actions.startRun);
    await ask('predict', { answers: { when: 'skipped' } });
    expect(last()).toMatchObject({ runLocked: false, predictions: [{ said: 3 }, { said: 'skipped' }] });
    expect(await ask('run', {})).toBeUndefined();
    sinon.assert.calledOnceWithExactly(actions.startRun, labFolder, { backlog: 1 });
  });

  it('takes no prediction outside its range', async () => {
    expect(await ask('predict', { answers: { 'how-many': 11 } })).toBe('Say a number from 0 to 10.');
    expect(await ask('predict', { answers: { 'how-many': null as never } })).toBe('Say a number from 0 to 10.');
    expect(last().predictions[0]?.said).toBeNull();
  });

  it('recalls what was said beside what came, only after the run', async () => {
    await ask('predict', { answers: { 'how-many': 3, when: 'skipped' } });
    expect(last().predictions[0]).not.toHaveProperty('recalled');
    run = ran;
    session.refresh();
    expect(last().predictions[0]).toMatchObject({ said: 3, recalled: { simulated: 2, measured: 3, because: 'SECRET-BECAUSE' } });
  });

  it('simulates anew when a slider moves, and sends the snapshot before the reply', async () => {
    await session.receive({ type: 'ready' });
    const before = last().simulation;
    expect(await ask('setValues', { values: { backlog: 10 } })).toBeUndefined();
    expect(last().values).toEqual({ backlog: 10 });
    expect(last().simulation).not.toEqual(before);
    expect(sent.at(-1)?.type).toBe('reply');
    expect(sent.at(-2)?.type).toBe('snapshot');
  });

  it('names the range of a slider that was moved out of it', async () => {
    expect(await ask('setValues', { values: { backlog: 0 } })).toBe('"backlog" must be a number from 1 to 10 (found 0).');
    expect(last().values).toEqual({ backlog: 1 });
  });

  it('forgets stored values that a new version of the lab no longer allows', async () => {
    progress.current = { version: 2, labs: { '01-test': { labVersion: 1, step: 'run', said: {}, values: { backlog: 99, gone: 1 }, ran: false, quiz: {}, exercises: {} } } };
    await session.receive({ type: 'ready' });
    expect(last()).toMatchObject({ step: 'run', values: { backlog: 1 } });
  });

  it('types only commands of the server that is up', async () => {
    expect(await ask('runInTerminal', { command: 'rm -rf /' })).toMatch(/start the server first/);
    server = { state: 'running', port: 1, pid: 2, commands: [{ label: 'List', command: 'ss -ltn' }] };
    expect(await ask('runInTerminal', { command: 'rm -rf /' })).toMatch(/belongs to no server/);
    expect(await ask('runInTerminal', { command: 'ss -ltn' })).toBeUndefined();
    sinon.assert.calledOnceWithExactly(actions.typeInTerminal, 'ss -ltn');
  });

  it('passes on what an action could not do', async () => {
    actions.startGrading.rejects(new HumanError('Start the exercise first.'));
    expect(await ask('grade', { exercise: 'fix-it' })).toBe('Start the exercise first.');
    actions.startGrading.rejects(new TypeError('x is not a function'));
    expect(await ask('grade', { exercise: 'fix-it' })).toMatch(/^bug/);
  });

  it('answers a request for what does not exist', async () => {
    expect(await ask('grade', { exercise: 'no-such' })).toBe('The lab has no exercise "no-such".');
    expect(await ask('answerQuiz', { question: 'no-such', answer: { options: ['a'] } })).toBe('There is no question "no-such".');
    expect(await ask('showStep', { step: 'dance' as never })).toBe('There is no step "dance".');
    expect(await ask('constructor' as never, {} as never)).toMatch(/^bug.*does not exist/);
  });

  it('answers every request there is', async () => {
    const params: PanelRequests = {
      ...{ showStep: { step: 'check' }, predict: { answers: {} }, setValues: { values: {} }, run: {}, cancelRun: {}, startServer: {}, stopServer: {}, copyText: { text: 'x' } },
      ...{ runInTerminal: { command: 'x' }, openExercise: { exercise: 'fix-it' }, grade: { exercise: 'fix-it' }, cancelGrade: {}, nextHint: { exercise: 'fix-it' } },
      ...{ openSolution: { exercise: 'fix-it' }, answerQuiz: { question: 'q0', answer: { options: ['a'] } }, retryQuiz: { question: 'q0' }, askOthers: {}, openReadme: {}, startLab: { lab: '02-other' }, showLog: {} },
    };
    for (const [method, given] of Object.entries(params)) await ask(method as PanelMethod, given as never);
    sinon.assert.calledOnceWithExactly(actions.openExercise, labFolder.exercises[0]);
    sinon.assert.calledTwice(actions.cancelGrading);
    expect(last().step).toBe('check');
  });
});
