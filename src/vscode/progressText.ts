import type { LabFolder } from '../catalog/catalog.ts';
import { exerciseProgress, labProgress, type ExerciseProgress, type Progress } from '../labs/progress.ts';

const STATE_TEXT: Readonly<Record<string, string>> = { 'not-started': 'not started', started: 'started', failed: 'not passed', passed: 'passed' };

/** An exercise's state in words. */
export function stateText(state: ExerciseProgress['state']): string {
  return STATE_TEXT[state] ?? state;
}

export interface LabState {
  readonly done: number;
  readonly of: number;
  readonly begun: boolean;
  /** `2/3`: beside a long title there is room for little. */
  readonly text: string;
}

/** How far a lab is: its exercises and its quiz count one each. */
export function labState(folder: LabFolder, progress: Progress): LabState {
  const { lab, exercises } = folder;
  const passed = exercises.filter(({ exercise }) => exerciseProgress(progress, lab.id, exercise.id).state === 'passed').length;
  const { correct, of: asked } = quizState(folder, progress);
  const done = passed + (correct === asked ? 1 : 0);
  const of = exercises.length + 1;
  const begun = progress.labs[lab.id] !== undefined;
  return { done, of, begun, text: `${done}/${of}` };
}

/** How many of the questions that a round asks are answered, and how many rightly; those of further rounds count in their place. */
export function quizState({ lab, quiz }: LabFolder, progress: Progress): { answered: number; correct: number; of: number } {
  const verdicts = labProgress(progress, lab.id).quiz;
  const answered = quiz.questions.map(({ id }) => verdicts[id]).filter((verdict) => verdict !== undefined);
  const of = Math.min(quiz.ask ?? Infinity, quiz.questions.length);
  return { answered: Math.min(of, answered.length), correct: Math.min(of, answered.filter(({ correct }) => correct).length), of };
}
