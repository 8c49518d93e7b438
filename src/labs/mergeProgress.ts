import { NO_PROGRESS, type ExerciseProgress, type LabProgress, type Progress } from './progress.ts';

const RANK: Readonly<Record<ExerciseProgress['state'], number>> = { 'not-started': 0, started: 1, failed: 2, passed: 3 };

/**
 * What two windows know, together: nothing that either of them did is lost, and where both changed the same thing the later
 * one counts. Merging twice, or in another order, comes to the same.
 */
export function mergeProgress(a: Progress, b: Progress): Progress {
  const forgotten = mergeRecords(a.forgotten, b.forgotten, Math.max);
  const labs = mergeRecords(a.labs, b.labs, mergeLabs);
  const kept = Object.fromEntries(Object.entries(labs).filter(([id, { changedAt = 0 }]) => changedAt >= (forgotten[id] ?? 0)));
  const earlier = mergeRecords(a.earlier, b.earlier, mergeLabs);
  return { ...NO_PROGRESS, labs: kept, ...(Object.keys(earlier).length > 0 && { earlier }), ...(Object.keys(forgotten).length > 0 && { forgotten }) };
}

/** `after` with the time set on each lab that it changed since `before`, and noted for each that it forgot. */
export function stamped(before: Progress, after: Progress, now: number): Progress {
  const labs = Object.entries(after.labs).map(([id, lab]) => [id, lab === before.labs[id] ? lab : { ...lab, changedAt: Math.max(now, (before.forgotten?.[id] ?? 0) + 1) }] as const);
  const gone = Object.keys(before.labs).filter((id) => !(id in after.labs));
  // Later than the last change, also where this clock is behind the one of that change.
  const forgotten = gone.map((id) => [id, Math.max(now, (before.labs[id]?.changedAt ?? 0) + 1)] as const);
  return { ...after, labs: Object.fromEntries(labs), ...(gone.length > 0 && { forgotten: { ...after.forgotten, ...Object.fromEntries(forgotten) } }) };
}

function mergeLabs(a: LabProgress, b: LabProgress): LabProgress {
  const order = (a.changedAt ?? 0) - (b.changedAt ?? 0) || a.labVersion - b.labVersion;
  const [older, newer] = order < 0 ? [a, b] : [b, a];
  const exercises = mergeRecords(a.exercises, b.exercises, mergeExercises);
  // Of two versions of a lab only the newer one's predictions and answers mean anything.
  if (older.labVersion !== newer.labVersion) return { ...newer, exercises };
  const choose = order === 0 ? larger : <T>(_: T, later: T): T => later;
  return {
    ...newer,
    step: choose(older.step, newer.step),
    said: mergeRecords(older.said, newer.said, choose),
    values: mergeRecords(older.values, newer.values, choose),
    quiz: mergeRecords(older.quiz, newer.quiz, choose),
    ...((a.quizRound ?? b.quizRound) !== undefined && { quizRound: Math.max(a.quizRound ?? 0, b.quizRound ?? 0) }),
    ran: a.ran || b.ran,
    exercises,
  };
}

/** Of two things changed at the same moment neither is the later one: any will do, as long as both windows take the same. */
function larger<T>(a: T, b: T): T {
  return JSON.stringify(a) < JSON.stringify(b) ? b : a;
}

function mergeExercises(a: ExerciseProgress, b: ExerciseProgress): ExerciseProgress {
  const versions = [a.version, b.version].filter((version) => version !== undefined);
  return {
    state: RANK[a.state] >= RANK[b.state] ? a.state : b.state,
    hintsShown: Math.max(a.hintsShown, b.hintsShown),
    points: Math.max(a.points, b.points),
    ...(versions.length > 0 && { version: Math.max(...versions) }),
  };
}

function mergeRecords<T>(a: Readonly<Record<string, T>> = {}, b: Readonly<Record<string, T>> = {}, both: (a: T, b: T) => T): Record<string, T> {
  const ids = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  return Object.fromEntries(ids.map((id) => [id, id in a && id in b ? both(a[id] as T, b[id] as T) : ((a[id] ?? b[id]) as T)]));
}
