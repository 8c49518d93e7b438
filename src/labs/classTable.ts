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
  /** Its checks, in order, with how many learners passed each. */
  readonly checks: readonly { readonly id: string; readonly title: string; readonly passed: number }[];
}

export interface ClassRow {
  readonly learner: string;
  readonly points: number;
  /** In the order of the columns; null where the learner has not begun. */
  readonly cells: readonly (ExerciseResult | null)[];
}

/** Puts results side by side. Where there are several of one learner, the better one of each exercise counts. */
export function classTable(results: readonly { readonly learner: string; readonly result: LearnerResult }[]): ClassTable {
  const learners = new Map<string, Map<string, ExerciseResult>>();
  const worth = new Map<string, { lab: string; exercise: string; of: number }>();
  const note = ({ lab, exercise, of }: { lab: string; exercise: string; of: number }): string => {
    const id = `${lab}/${exercise}`;
    worth.set(id, { lab, exercise, of: Math.max(of, worth.get(id)?.of ?? 0) });
    return id;
  };
  for (const { learner, result } of results) {
    const best = learners.get(learner) ?? new Map<string, ExerciseResult>();
    learners.set(learner, best);
    result.notStarted.forEach(note);
    for (const exercise of result.exercises) {
      const id = note(exercise);
      const before = best.get(id);
      if (!before || exercise.points > before.points) best.set(id, exercise);
    }
  }
  const ids = [...worth.keys()].sort();
  const rows = [...learners].sort(([a], [b]) => a.localeCompare(b, 'en')).map(([learner, best]) => rowOf(learner, ids.map((id) => best.get(id) ?? null)));
  const exercises = ids.map((id, column) => columnOf(worth.get(id) as { lab: string; exercise: string; of: number }, rows.map(({ cells }) => cells[column] ?? null)));
  return { exercises, rows, of: exercises.reduce((sum, { of }) => sum + of, 0) };
}

function rowOf(learner: string, cells: readonly (ExerciseResult | null)[]): ClassRow {
  return { learner, cells, points: cells.reduce((sum, cell) => sum + (cell?.points ?? 0), 0) };
}

function columnOf(column: { lab: string; exercise: string; of: number }, cells: readonly (ExerciseResult | null)[]): ClassColumn {
  const checks = new Map<string, { id: string; title: string; passed: number }>();
  for (const { id, title, outcome } of cells.flatMap((cell) => cell?.checks ?? [])) {
    const check = checks.get(id) ?? { id, title, passed: 0 };
    checks.set(id, { ...check, passed: check.passed + (outcome === 'passed' ? 1 : 0) });
  }
  return { ...column, passed: cells.filter((cell) => cell?.verdict === 'passed').length, checks: [...checks.values()] };
}

/** A cell's state in words. */
export function cellText(cell: ExerciseResult | null): string {
  if (!cell) return 'not started';
  return { passed: 'passed', failed: 'not passed', 'unfit-machine': 'undecided', 'our-fault': 'undecided', cancelled: 'undecided' }[cell.verdict];
}
