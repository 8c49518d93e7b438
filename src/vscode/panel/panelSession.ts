import type { ExerciseFolder, LabFolder } from '../../catalog/catalog.ts';
import { labProgress, withLab, type LabProgress } from '../../labs/progress.ts';
import { answerQuestion } from '../../labs/quiz.ts';
import { simulateLab, sliderValues } from '../../labs/simulateLab.ts';
import { HumanError } from '../../shared/errors.ts';
import { STEPS, type FromPanel, type PanelMethod, type PanelRequests, type PanelSnapshot, type SimulationView, type ToPanel } from '../../shared/protocol.ts';
import type { PanelServices } from './panelServices.ts';
import { isRunLocked, snapshotOf } from './snapshot.ts';

type Handlers = { readonly [M in PanelMethod]: (params: PanelRequests[M]) => unknown };

/**
 * The host's side of one panel. It holds no state of its own but the last simulation: each change sends a whole snapshot,
 * and each request is answered, after the snapshot with its effect.
 */
export class PanelSession {
  private looking: PanelSnapshot['lookAt'];
  private simulated: { readonly key: string; readonly view: SimulationView } | undefined;

  constructor(
    private readonly folder: LabFolder,
    private readonly services: PanelServices,
    private readonly post: (message: ToPanel) => void,
  ) {}

  /** Takes a message of the panel; never throws. */
  async receive(message: FromPanel): Promise<void> {
    if (message.type === 'ready') {
      this.refresh();
      return;
    }
    const { id, method } = message;
    try {
      const handle = Object.hasOwn(this.handlers, method) ? (this.handlers[method] as (params: unknown) => unknown) : undefined;
      if (!handle) throw new Error(`The panel asked for "${method}", which does not exist.`);
      await handle(message.params);
      this.refresh();
      this.post({ type: 'reply', id });
    } catch (error) {
      this.refresh();
      this.post({ type: 'reply', id, error: this.services.sentence(error, `"${method}"`) });
    }
  }

  /** Sends the state as it is now. */
  refresh(): void {
    this.post({ type: 'snapshot', snapshot: this.snapshot() });
  }

  /** Has the page show an exercise: its step, and there the exercise in sight. */
  async lookAt(exercise: string): Promise<void> {
    this.looking = { exercise, times: (this.looking?.times ?? 0) + 1 };
    await this.change({ step: 'fix' });
    this.refresh();
  }

  snapshot(): PanelSnapshot {
    const snapshot = snapshotOf(this.folder, this.services, this.values(), this.simulation());
    return this.looking ? { ...snapshot, lookAt: this.looking } : snapshot;
  }

  private get done(): LabProgress {
    return labProgress(this.services.progress.current, this.folder.lab.id);
  }

  /** The sliders' values; those that a newer version of the lab no longer has, or no longer allows, fall back. */
  private values(): Readonly<Record<string, number>> {
    const known = this.folder.lab.sliders.filter(({ id, minimum, maximum }) => {
      const value = this.done.values[id];
      return value !== undefined && value >= minimum && value <= maximum;
    });
    return sliderValues(this.folder.lab, Object.fromEntries(known.map(({ id }) => [id, this.done.values[id] as number])));
  }

  private simulation(): SimulationView {
    const values = this.values();
    const key = JSON.stringify(values);
    if (this.simulated?.key !== key) this.simulated = { key, view: this.simulate(values) };
    return this.simulated.view;
  }

  private simulate(values: Readonly<Record<string, number>>): SimulationView {
    try {
      return { state: 'done', ...simulateLab(this.folder.lab, values) };
    } catch (error) {
      return { state: 'failed', message: this.services.sentence(error, 'The simulation') };
    }
  }

  private readonly handlers: Handlers = {
    showStep: ({ step }) => {
      if (!STEPS.includes(step)) throw new HumanError(`There is no step "${step}".`);
      return this.change({ step });
    },
    predict: ({ answers }) => this.change({ said: { ...this.done.said, ...this.checkedPredictions(answers) } }),
    setValues: ({ values }) => this.change({ values: { ...this.done.values, ...sliderValues(this.folder.lab, values) } }),
    run: async () => {
      if (isRunLocked(this.folder, this.done)) throw new HumanError('Predict first, or skip the questions: a run tells you more when you have said what you expect.');
      await this.services.actions.startRun(this.folder, this.values());
    },
    cancelRun: () => this.services.actions.cancelRun(this.folder.lab.id),
    startServer: () => this.services.actions.startServer(this.folder, this.values()),
    stopServer: () => this.services.actions.stopServer(this.folder.lab.id),
    copyText: ({ text }) => this.services.actions.copyText(text),
    runInTerminal: ({ command }) => {
      const server = this.services.server(this.folder.lab.id);
      const offered = server.state === 'running' && server.commands.some((one) => one.command === command);
      if (!offered) throw new HumanError('That command belongs to no server that is up: start the server first.');
      this.services.actions.typeInTerminal(command);
    },
    openExercise: ({ exercise }) => this.services.actions.openExercise(this.exercise(exercise)),
    grade: ({ exercise }) => this.services.actions.startGrading(this.exercise(exercise)),
    cancelGrade: () => {
      for (const exercise of this.folder.exercises) this.services.actions.cancelGrading(exercise);
    },
    nextHint: ({ exercise }) => this.services.actions.nextHint(this.exercise(exercise)),
    openSolution: ({ exercise }) => this.services.actions.openSolution(this.exercise(exercise)),
    answerQuiz: ({ question, answer }) => {
      const asked = this.folder.quiz.questions.find(({ id }) => id === question);
      if (!asked) throw new HumanError(`There is no question "${question}".`);
      return this.change({ quiz: { ...this.done.quiz, [question]: answerQuestion(asked, answer) } });
    },
    retryQuiz: ({ question }) => this.change({ quiz: Object.fromEntries(Object.entries(this.done.quiz).filter(([id]) => id !== question)) }),
    askOthers: () => this.change({ quizRound: (this.done.quizRound ?? 0) + 1 }),
    openReadme: () => this.services.actions.openReadme(this.folder),
    startLab: ({ lab }) => this.services.actions.startLab(lab),
    showLog: () => this.services.actions.showLog(),
  };

  private change(change: Partial<LabProgress>): Promise<void> {
    const { id, version } = this.folder.lab;
    return this.services.progress.update((progress) => withLab(progress, id, { ...change, labVersion: version }));
  }

  private exercise(id: string): ExerciseFolder {
    const found = this.folder.exercises.find(({ exercise }) => exercise.id === id);
    if (!found) throw new HumanError(`The lab has no exercise "${id}".`);
    return found;
  }

  private checkedPredictions(answers: Readonly<Record<string, number | 'skipped'>>): Record<string, number | 'skipped'> {
    const asked = this.folder.lab.predictions.filter(({ id }) => answers[id] !== undefined);
    for (const { id, minimum, maximum } of asked) {
      const said = answers[id];
      if (said !== 'skipped' && !(typeof said === 'number' && said >= minimum && said <= maximum)) throw new HumanError(`Say a number from ${minimum} to ${maximum}.`);
    }
    return Object.fromEntries(asked.map(({ id }) => [id, answers[id] as number | 'skipped']));
  }
}
