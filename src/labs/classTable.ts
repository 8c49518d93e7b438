import type { ExerciseResult, LearnerResult } from '../shared/learnerResult.ts';

/** One table of many learners' results: a row a learner, a column an exercise. */
export interface ClassTable {
  readonly exercises: readonly ClassColumn[];
  readonly rows: readonly ClassRow[];
  /** Points of all exercises. */
  readonly of: number;
}

export interface ClassColumn {
  readonly lab: string;
  readonly exercise: string;
  readonly of: number;
  /** Learners who passed it. */
  readonly passed: number;
  /** The versions of the exercise that results are of, where they say so. */
  readonly versions: readonly number[];
  readonly checks: readonly ClassCheck[];
}

/** A check of an exercise, in whichever of its versions: how many learners passed it, of those who had it to pass or have not begun. */
interface ClassCheck {
  readonly id: string;
  readonly title: string;
  readonly passed: number;
  readonly of: number;
}

export interface ClassRow {
  readonly learner: string;
  readonly points: number;
  /** How many results of this learner there were. */
  readonly results: number;
  /** In the order of the columns; null where the learner has not begun. */
  readonly cells: readonly (ExerciseResult | null)[];
}

/** Puts results side by side. Where there are several of one learner, the better one of each exercise counts: the one with more points, then the one that was decided. */
export function classTable(results: readonly { readonly learner: string; readonly result: LearnerResult }[]): ClassTable {
  const learners = new Map<string, { results: number; best: Map<string, ExerciseResult> }>();
  const worth = new Map<string, { lab: string; exercise: string; of: number }>();
  const note = ({ lab, exercise, of }: { lab: string; exercise: string; of: number }): string => {
    const id = `${lab}/${exercise}`;
    worth.set(id, { lab, exercise, of: Math.max(of, worth.get(id)?.of ?? 0) });
    return id;
  };
  for (const { learner, result } of results) {
    const known = learners.get(learner) ?? { results: 0, best: new Map<string, ExerciseResult>() };
    learners.set(learner, known);
    known.results++;
    result.notStarted.forEach(note);
    for (const exercise of result.exercises) {
      const id = note(exercise);
      const before = known.best.get(id);
      if (!before || exercise.points > before.points || (exercise.points === before.points && RANK[exercise.verdict] > RANK[before.verdict])) known.best.set(id, exercise);
    }
  }
  const ids = [...worth.keys()].sort();
  const rows = [...learners].sort(([a], [b]) => a.localeCompare(b, 'en')).map(([learner, { results: count, best }]) => rowOf(learner, count, ids.map((id) => best.get(id) ?? null)));
  const exercises = ids.map((id, column) => columnOf(worth.get(id) as { lab: string; exercise: string; of: number }, rows.map(({ cells }) => cells[column] ?? null)));
  return { exercises, rows, of: exercises.reduce((sum, { of }) => sum + of, 0) };
}

const RANK: Readonly<Record<ExerciseResult['verdict'], number>> = { passed: 2, failed: 1, 'unfit-machine': 0, 'our-fault': 0, cancelled: 0 };

function rowOf(learner: string, results: number, cells: readonly (ExerciseResult | null)[]): ClassRow {
  return { learner, results, cells, points: cells.reduce((sum, cell) => sum + (cell?.points ?? 0), 0) };
}

function columnOf(column: { lab: string; exercise: string; of: number }, cells: readonly (ExerciseResult | null)[]): ClassColumn {
  const begun = cells.filter((cell) => cell !== null);
  const checks = new Map<string, ClassCheck>();
  for (const { id, title, outcome } of begun.flatMap((cell) => cell.checks)) {
    const check = checks.get(id) ?? { id, title, passed: 0, of: cells.length - begun.length };
    checks.set(id, { ...check, passed: check.passed + (outcome === 'passed' ? 1 : 0), of: check.of + 1 });
  }
  const versions = [...new Set(begun.map(({ exerciseVersion }) => exerciseVersion).filter((version) => version !== undefined))].sort((a, b) => a - b);
  return { ...column, versions, passed: begun.filter(({ verdict }) => verdict === 'passed').length, checks: [...checks.values()] };
}

/** A cell's state in words. */
export function cellText(cell: ExerciseResult | null): string {
  if (!cell) return 'not started';
  return { passed: 'passed', failed: 'not passed', 'unfit-machine': 'undecided', 'our-fault': 'undecided', cancelled: 'undecided' }[cell.verdict];
}
