import type { LabFolder, TaskFolder } from '../../catalog/catalog.ts';
import { glossaryOf } from '../../labs/glossary.ts';
import { exerciseProgress, labProgress, type LabProgress } from '../../labs/progress.ts';
import { questionView, quizRound } from '../../labs/quiz.ts';
import type { Prediction } from '../../shared/lab.ts';
import type { ExerciseView, LabView, PanelSnapshot, PredictionView, RunView, SimulationView } from '../../shared/protocol.ts';
import type { PanelServices } from './panelServices.ts';

/** All that a panel shows of a lab, made anew from the state. */
export function snapshotOf(folder: LabFolder, services: PanelServices, values: Readonly<Record<string, number>>, simulation: SimulationView): PanelSnapshot {
  const { lab } = folder;
  const done = labProgress(services.progress.current, lab.id);
  const run = services.run(lab.id);
  const { questions, left } = quizRound(lab.id, folder.quiz, done.quizRound ?? 0);
  return {
    lab: labView(folder, services),
    step: done.step,
    machine: services.machine(),
    trusted: services.trusted(),
    predictions: lab.predictions.map((prediction) => predictionView(prediction, done, run)),
    runLocked: isRunLocked(folder, done),
    values,
    simulation,
    run,
    server: services.server(lab.id),
    exercises: folder.exercises.map((exercise) => exerciseView(exercise, services)),
    quiz: questions.map((question) => questionView(question, done.quiz[question.id] ?? null)),
    quizLeft: left,
  };
}

/** Run is locked until each prediction is given or skipped. */
export function isRunLocked({ lab }: LabFolder, { said }: LabProgress): boolean {
  return lab.predictions.some(({ id }) => said[id] === undefined);
}

function labView({ lab }: LabFolder, services: PanelServices): LabView {
  const { id, title, summary, minutes, diagram, sliders, presets } = lab;
  const nextTitle = lab.next === undefined ? undefined : services.titleOf(lab.next);
  const next = lab.next !== undefined && nextTitle !== undefined ? { next: { id: lab.next, title: nextTitle } } : {};
  return { id, title, summary, minutes, diagram, sliders, presets, glossary: glossaryOf(lab), ...next };
}

/** The answer comes only after a run: before it, not even the reason leaves the host. */
function predictionView({ id, question, unit, minimum, maximum, answer, because }: Prediction, done: LabProgress, run: RunView): PredictionView {
  const view = { id, question, unit, minimum, maximum, said: done.said[id] ?? null };
  if (run.state !== 'done') return view;
  const row = run.comparisons.find(({ quantity }) => quantity === answer);
  return { ...view, recalled: { simulated: row?.predicted ?? null, measured: row?.measured ?? null, because } };
}

function exerciseView(folder: TaskFolder, services: PanelServices): ExerciseView {
  const { id, title, summary, points, ladder, after } = folder.exercise;
  const { state, hintsShown } = exerciseProgress(services.progress.current, folder.lab, id);
  return {
    id,
    title,
    summary,
    task: folder.task,
    points,
    state,
    grading: services.isGrading(folder),
    report: services.report(folder),
    hints: ladder.slice(0, hintsShown),
    moreHints: hintsShown < ladder.length,
    after: state === 'passed' ? after : null,
  };
}
