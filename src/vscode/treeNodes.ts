import type { ExerciseFolder, LabFolder } from '../catalog/catalog.ts';
import { exerciseProgress, type Progress } from '../labs/progress.ts';
import { COMMANDS, TREE_ITEMS, type CommandId } from './ids.ts';
import { labState, quizState, stateText } from './progressText.ts';

/** A row of the labs' tree. `lab` and `exercise` make it an argument of commands. */
export interface TreeNode {
  readonly id: string;
  readonly label: string;
  /** The state in words, beside the label. */
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
  /** A theme colour; the icon's shape says the same. */
  readonly color?: string;
  readonly contextValue: string;
  readonly accessible: string;
  readonly command?: CommandId;
  readonly children: readonly TreeNode[];
  readonly lab?: string;
  readonly exercise?: string;
}

const PASSED = { icon: 'pass-filled', color: 'testing.iconPassed' };
const EXERCISE_ICONS = {
  'not-started': { icon: 'circle-large-outline' },
  started: { icon: 'edit' },
  failed: { icon: 'error', color: 'testing.iconFailed' },
  passed: PASSED,
} as const;

/** A lab with its exercises and its quiz. */
export function labNode(folder: LabFolder, progress: Progress, grading: (exercise: ExerciseFolder) => boolean): TreeNode {
  const { lab, exercises } = folder;
  const state = labState(folder, progress);
  const icon = state.done === state.of ? PASSED : { icon: state.begun ? 'beaker' : 'circle-large-outline' };
  return {
    id: lab.id,
    label: lab.title,
    description: state.text,
    tooltip: `${lab.title}: ${state.done} of ${state.of} done, about ${lab.minutes} minutes\n\n${lab.summary}`,
    ...icon,
    contextValue: TREE_ITEMS.lab,
    accessible: `Lab: ${lab.title}, ${state.done} of ${state.of} done, about ${lab.minutes} minutes`,
    command: COMMANDS.openLab,
    lab: lab.id,
    children: [...exercises.map((exercise) => exerciseNode(exercise, progress, grading(exercise))), quizNode(folder, progress)],
  };
}

function exerciseNode(folder: ExerciseFolder, progress: Progress, grading: boolean): TreeNode {
  const { id, title, summary, points: of } = folder.exercise;
  const { state, points } = exerciseProgress(progress, folder.lab, id);
  const graded = !grading && (state === 'failed' || state === 'passed');
  // Beside a title there is room for little in a side bar of the usual width.
  const description = grading ? 'grading…' : graded ? `${stateText(state)} · ${points}/${of}` : stateText(state);
  return {
    id: `${folder.lab}/${id}`,
    label: title,
    description,
    tooltip: `${title}\n\n${summary}`,
    ...(grading ? { icon: 'sync~spin' } : EXERCISE_ICONS[state]),
    contextValue: `${TREE_ITEMS.exercise}.${state}`,
    accessible: `Exercise: ${title}, ${graded ? `${stateText(state)}, ${points} of ${of} points` : description}`,
    command: COMMANDS.startExercise,
    lab: folder.lab,
    exercise: id,
    children: [],
  };
}

function quizNode(folder: LabFolder, progress: Progress): TreeNode {
  const { answered, correct, of } = quizState(folder, progress);
  const description = answered === 0 ? 'not answered' : `${correct} of ${of} right`;
  return {
    id: `${folder.lab.id}/quiz`,
    label: 'Quiz',
    description,
    tooltip: `${of} questions on what the lab showed`,
    ...(correct === of ? PASSED : { icon: answered === 0 ? 'circle-large-outline' : 'question' }),
    contextValue: TREE_ITEMS.quiz,
    accessible: `Quiz of ${folder.lab.title}, ${description}`,
    command: COMMANDS.openQuiz,
    lab: folder.lab.id,
    children: [],
  };
}

/** A folder that should be a lab and is none: its sentence says why. */
export function problemNode({ folder, message }: { readonly folder: string; readonly message: string }): TreeNode {
  const name = folder.split(/[\\/]/).at(-1) ?? folder;
  return {
    id: `problem:${folder}`,
    label: name,
    description: message,
    tooltip: `${folder}\n\n${message}`,
    icon: 'warning',
    color: 'problemsWarningIcon.foreground',
    contextValue: TREE_ITEMS.problem,
    accessible: `The folder ${name} is no lab: ${message}`,
    children: [],
  };
}
