import { cellText, type ClassTable } from './classTable.ts';

/**
 * The table as CSV (RFC 4180): a learner a line; points and state of each exercise, points of each check. Text that a
 * spreadsheet would take for a formula gets an apostrophe in front.
 */
export function classCsv({ exercises, rows, of }: ClassTable): string {
  const head = ['learner', 'points', 'of', ...exercises.flatMap(({ lab, exercise, checks }) => [`${lab}/${exercise}`, `${lab}/${exercise} state`, ...checks.map(({ id }) => `${lab}/${exercise} ${id}`)])];
  const lines = rows.map(({ learner, points, cells }) => [
    learner,
    points,
    of,
    ...exercises.flatMap(({ checks }, column) => {
      const cell = cells[column] ?? null;
      const pointsOf = (id: string): number => cell?.checks.filter((check) => check.id === id && check.outcome === 'passed').reduce((sum, check) => sum + check.points, 0) ?? 0;
      return [cell?.points ?? 0, cellText(cell), ...checks.map(({ id }) => pointsOf(id))];
    }),
  ]);
  return [head, ...lines].map((line) => `${line.map(field).join(',')}\r\n`).join('');
}

/** Also the full-width forms, which spreadsheets in East Asian locales take for the same. */
const FORMULA = /^[\s\p{Cc}]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]|^[\p{Cc}]/u;

function field(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const safe = FORMULA.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}
