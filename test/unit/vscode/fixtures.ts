import type { LabFolder, TaskFolder } from '../../../src/catalog/catalog.ts';
import { NO_PROGRESS, type Progress } from '../../../src/labs/progress.ts';
import type { CheckResult, ExerciseReport, Failure } from '../../../src/shared/report.ts';

/** A lab in small, with a scenario that the queue model runs. */
export const labFolder: LabFolder = {
  dir: '/labs/01-test',
  readmePath: '/labs/01-test/README.md',
  lab: {
    id: '01-test',
    version: 2,
    title: 'A test lab',
    summary: 'What a test needs.',
    minutes: 5,
    prerequisites: [],
    next: '02-other',
    diagram: 'none',
    scenario: { kind: 'tcp', id: 'test', connections: [{ id: 'c', count: 3, connect_ms: 0 }], server: { backlog: 1, accept: 'manual' }, until_ms: 100 },
    realOverrides: {},
    sliders: [{ id: 'backlog', label: 'Backlog', minimum: 1, maximum: 10, step: 1, default: 1, paths: ['/server/backlog'] }],
    presets: [{ id: 'usual', title: 'Usual', description: 'As it is.', values: { backlog: 1 } }],
    quantities: [{ id: 'longest', label: 'Longest queue', unit: 'connections', metric: { of: 'maximum', kind: 'accept-queue' }, tolerance: { absolute: 0, source: 'none' }, ifNot: 'It differs.' }],
    predictions: [
      { id: 'how-many', question: 'How many?', unit: 'connections', minimum: 0, maximum: 10, answer: 'longest', because: 'SECRET-BECAUSE' },
      { id: 'when', question: 'When?', unit: 'ms', minimum: 0, maximum: 10, answer: 'longest', because: 'SECRET-BECAUSE' },
    ],
    commands: [
      { label: 'Queue', command: 'ss -ltn sport = :{port}', platforms: ['linux'] },
      { label: 'Process', command: 'ps {pid} {port}' },
    ],
    exercises: ['fix-it', 'mend-it'],
  },
  quiz: {
    questions: Array.from({ length: 5 }, (_, i) => ({
      id: `q${i}`,
      kind: 'single' as const,
      text: 'Which?',
      options: [
        { id: 'a', text: 'This', correct: true, explanation: 'SECRET-RIGHT' },
        { id: 'b', text: 'That', correct: false, explanation: 'SECRET-WRONG' },
      ],
    })),
  },
  exercises: [exerciseFolder('fix-it', 'Fix it'), exerciseFolder('mend-it', 'Mend it')],
};

function exerciseFolder(id: string, title: string): TaskFolder {
  const wrong = { file: 'a.ts', misconception: 'None', fails: 'listens', hint: 'first' };
  return {
    dir: `/labs/01-test/exercises/${id}`,
    lab: '01-test',
    task: 'Mend it.\n\n- All of it',
    exercise: {
      id,
      version: 3,
      title,
      summary: 'Something is broken.',
      points: 10,
      timeLimitMs: 5000,
      scenarioMs: 0,
      checks: [
        { id: 'listens', title: 'It listens', points: 4 },
        { id: 'answers', title: 'It answers', points: 6 },
      ],
      hints: { first: 'Look at listen().' },
      ladder: ['LADDER-ONE', 'LADDER-TWO'],
      wrong: [wrong, wrong, wrong],
      after: 'Look at the next.',
    },
  };
}

export const exercise = labFolder.exercises[0] as TaskFolder;

const check = (id: string, failure?: Failure): CheckResult => ({ id, title: `It ${id}`, points: 5, outcome: failure ? 'failed' : 'passed', durationMs: 12, steps: ['started it'], ...(failure ? { failure } : {}) });

export const failure: Failure = {
  kind: 'wrong-answer',
  message: 'Two clients got no answer.',
  steps: ['connected', 'waited'],
  expected: '3 answers',
  actual: '1 answer',
  location: { line: 1, column: 2, endLine: 1, endColumn: 8 },
  related: [{ location: { line: 0, column: 0, endLine: 0, endColumn: 3 }, message: 'The listener is made here.' }],
  hint: { id: 'first', text: 'Look at listen().' },
};

/** A report on `fix-it`: passed, or with `failures` at its second check. */
export function report(verdict: ExerciseReport['verdict'], failed?: Failure): ExerciseReport {
  const passed = verdict === 'passed';
  return { version: 1, lab: '01-test', exercise: 'fix-it', verdict, points: passed ? 10 : 4, of: 10, durationMs: 30, seed: 7, checks: [check('listens'), check('answers', passed ? undefined : (failed ?? failure))], output: '' };
}

/** Progress that lives in memory. */
export function progressIn(initial: Progress = NO_PROGRESS) {
  const store = {
    current: initial,
    update: async (change: (progress: Progress) => Progress): Promise<void> => {
      store.current = change(store.current);
    },
  };
  return store;
}
