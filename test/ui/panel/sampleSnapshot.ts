import labJson from '../../../labs/05-accept-queue/lab.json' with { type: 'json' };
import { glossaryOf } from '../../../src/labs/glossary.ts';
import { realScenario, simulateLab, sliderValues } from '../../../src/labs/simulateLab.ts';
import { simulateScenario } from '../../../src/labs/simulateScenario.ts';
import { parseLab } from '../../../src/shared/lab.ts';
import type { PanelSnapshot } from '../../../src/shared/protocol.ts';
import type { ExerciseReport, Machine } from '../../../src/shared/report.ts';
import { measuredFrom } from '../../unit/webview/sampleTrace.ts';

const LAB = parseLab(labJson, 'lab.json');
const MACHINE: Machine = { platform: 'linux', release: '6.18.44', cores: 2, node: '24.21.0', jiffyMs: 4, kernel: { somaxconn: 4096 } };

/** A panel of the first lab as a host would send it, before anything was done. */
export function freshSnapshot(): PanelSnapshot {
  return {
    lab: {
      id: '05-accept-queue',
      title: LAB.title,
      summary: LAB.summary,
      minutes: LAB.minutes,
      diagram: 'accept-queue',
      sliders: LAB.sliders,
      presets: LAB.presets,
      glossary: glossaryOf(LAB),
      next: { id: '06-buffers', title: 'Send and receive buffers' },
    },
    step: 'predict',
    machine: MACHINE,
    trusted: true,
    predictions: LAB.predictions.map(({ id, question, unit, minimum, maximum }) => ({ id, question, unit, minimum, maximum, said: null })),
    runLocked: true,
    values: sliderValues(LAB, {}),
    simulation: simulate({}),
    run: { state: 'idle' },
    server: { state: 'stopped' },
    exercises: [
      { id: 'survive-the-burst', title: 'Survive the burst', summary: '100 clients come within 50 ms while the loop is busy for 400 ms. All must be connected in under 1 s.', task: 'The event loop is busy.\n\n**Your task:** let all of them connect.\n\n- Whatever the backlog is, the kernel’s accept queue is no longer than somaxconn.\n- All clients are answered.', points: 10, state: 'not-started', grading: false, report: null, hints: [], moreHints: true, after: null },
      { id: 'shed-load', title: 'Shed load', summary: 'Beyond the limit, refuse quickly and cleanly; those accepted are served.', task: '', points: 10, state: 'not-started', grading: false, report: null, hints: [], moreHints: true, after: null },
    ],
    quizLeft: 3,
    quiz: [
      { id: 'plus-one', kind: 'single', text: 'Why do five clients connect with a `backlog` of 4?', options: [{ id: 'gt', text: 'The kernel compares with “greater than”: the queue is full only when it holds more than the backlog.' }, { id: 'accepted', text: 'One of them was accepted already.' }, { id: 'syn', text: 'One waits in the SYN queue.' }], verdict: null },
      { id: 'who', kind: 'multiple', text: 'Which of these happen without your program doing anything?', options: [{ id: 'synack', text: 'The SYN is answered.' }, { id: 'connected', text: "The client's connect() succeeds." }, { id: 'fd', text: 'A file descriptor is made.' }], verdict: null },
      { id: 'retry', kind: 'numeric', text: 'After how long is a dropped SYN sent again for the first time?', unit: 's', options: [], verdict: null },
    ],
  };
}

/** The simulation at some values. */
export function simulate(values: Readonly<Record<string, number>>): PanelSnapshot['simulation'] {
  return { state: 'done', ...simulateLab(LAB, values) };
}

const REPORT: ExerciseReport = {
  version: 1,
  lab: '05-accept-queue',
  exercise: 'survive-the-burst',
  verdict: 'failed',
  points: 4,
  of: 10,
  durationMs: 1840,
  seed: 7,
  output: 'listening on 41234\n',
  checks: [
    { id: 'listens', title: 'Listens on the given port', points: 4, outcome: 'passed', durationMs: 40, steps: ['started your server'] },
    {
      id: 'all-in',
      title: 'All 100 clients are connected within 1 s',
      points: 6,
      outcome: 'failed',
      durationMs: 1500,
      steps: [],
      failure: { kind: 'wrong-answer', message: 'Only 11 of 100 clients were connected within 1 s.', steps: ['started your server on port 41234', 'kept its loop busy for 400 ms', 'connected 100 clients within 50 ms'], expected: '100 connected within 1 s', actual: '11 connected; the others after 1.02 s', location: { line: 11, column: 2, endLine: 11, endColumn: 30 }, hint: { id: 'backlog', text: 'Look at what you pass to `listen()`. How many does the accept queue hold with that?' } },
    },
    { id: 'served', title: 'Every client is answered', points: 0, outcome: 'skipped', durationMs: 0, steps: [] },
  ],
};

/** The same panel after a run, a failed grading and some answers. */
export function workedSnapshot(): PanelSnapshot {
  const fresh = freshSnapshot();
  const [survive, shed] = fresh.exercises;
  const [single, multiple, numeric] = fresh.quiz;
  const predicted = simulateScenario(realScenario(LAB, fresh.values, MACHINE)).trace;
  const said = [4, 1500, 'skipped'] as const;
  const came = [5, 2042, 3];
  return {
    ...fresh,
    runLocked: false,
    predictions: fresh.predictions.map((prediction, index) => ({
      ...prediction,
      said: said[index] ?? 'skipped',
      recalled: { simulated: came[index] ?? 0, measured: came[index] ?? 0, because: LAB.predictions[index]?.because ?? '' },
    })),
    run: {
      state: 'done',
      predicted,
      measured: measuredFrom(predicted),
      values: fresh.values,
      notes: ['SYN queue lengths are not to be had from /proc/net/tcp on loopback: each handshake is over before the next begins.'],
      comparisons: [
        { quantity: 'at-once', label: 'Connected at once', unit: 'clients', predicted: 5, measured: 5, error: 0, tolerance: 0, outcome: 'agrees', why: '', wrongModel: { name: 'the queue holds exactly `backlog`', predicted: 4, exposed: true } },
        { quantity: 'slowest', label: 'Longest time in connect()', unit: 'ms', predicted: 3040, measured: 3052.4, error: 12.4, tolerance: 80, outcome: 'agrees', why: '', wrongModel: { name: 'SYN timers double: 1, 3, 7 s', predicted: 3000, exposed: false } },
        { quantity: 'overflows', label: 'ListenOverflows', unit: 'SYNs', predicted: 9, measured: 12, error: 3, tolerance: 0, outcome: 'differs', why: 'Another program on this machine had a full listener meanwhile: the counter is one for the whole machine.' },
        { quantity: 'syn-queue', label: 'Longest SYN queue', unit: 'connections', predicted: 1, measured: null, error: null, tolerance: 0, outcome: 'not-available', why: 'This needs /proc/net/tcp, which only Linux has.' },
      ],
    },
    server: { state: 'running', port: 41234, pid: 4711, commands: [{ label: "The listener's queue", command: 'ss -ltn sport = :41234' }, { label: 'A connection', command: 'curl -s http://127.0.0.1:41234/' }] },
    exercises: [
      { ...(survive as NonNullable<typeof survive>), state: 'failed', report: { ...REPORT, evidence: measuredFrom(predicted) }, hints: ['The accept queue is full long before the loop is free again.'] },
      { ...(shed as NonNullable<typeof shed>), state: 'passed', moreHints: false, after: 'Look at `ss -ltn` while a load test runs.', report: { ...REPORT, verdict: 'passed', points: 10, checks: REPORT.checks.slice(0, 1) } },
    ],
    quiz: [
      { ...(single as NonNullable<typeof single>), verdict: { answer: { options: ['syn'] }, correct: false, explanations: { syn: { correct: false, text: 'On loopback each handshake is over before the next begins: the SYN queue is empty.' } } } },
      { ...(multiple as NonNullable<typeof multiple>), verdict: { answer: { options: ['synack', 'connected'] }, correct: true, explanations: { synack: { correct: true, text: 'The kernel answers.' }, connected: { correct: true, text: 'The handshake is the kernel’s.' }, fd: { correct: false, text: 'Only accept() makes one.' } } } },
      numeric as NonNullable<typeof numeric>,
    ],
  };
}
