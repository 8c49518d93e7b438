import type { ExerciseFolder } from '../catalog/catalog.ts';
import { exerciseProgress, type Progress } from '../labs/progress.ts';
import { COMMANDS, type CommandId } from './ids.ts';

export interface Lens {
  readonly title: string;
  readonly command: CommandId;
}

/** What stands above the first line of an exercise's file. */
export function lensesOf({ lab, exercise }: ExerciseFolder, progress: Progress, grading: boolean): Lens[] {
  const { state, hintsShown, points } = exerciseProgress(progress, lab, exercise.id);
  const hints = exercise.ladder.length;
  const lenses: Lens[] = [
    grading ? { title: '$(sync~spin) Grading… (cancel)', command: COMMANDS.cancel } : { title: '$(run-all) Grade', command: COMMANDS.grade },
  ];
  if (state === 'passed') lenses.push({ title: `$(pass) passed, ${points} of ${exercise.points} points`, command: COMMANDS.openLab }, { title: '$(key) Solution', command: COMMANDS.openSolution });
  else if (hintsShown < hints) lenses.push({ title: `$(lightbulb) Next hint (${hintsShown + 1} of ${hints})`, command: COMMANDS.nextHint });
  if (state !== 'passed') lenses.push({ title: '$(beaker) Lab', command: COMMANDS.openLab });
  return lenses;
}
