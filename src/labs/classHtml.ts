import type { ExerciseResult } from '../shared/learnerResult.ts';
import { cellText, type ClassColumn, type ClassRow, type ClassTable } from './classTable.ts';
import { escaped } from './markup.ts';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; --line: color-mix(in srgb, CanvasText 22%, Canvas); --quiet: color-mix(in srgb, CanvasText 72%, Canvas); }
body { margin: 1.5rem; background: Canvas; color: CanvasText; }
h1 { font-size: 1.5rem; margin: 0; }
h2 ~ .scroll { max-height: none; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .25rem 0; color: var(--quiet); max-width: 70rem; }
.scroll { position: relative; overflow: auto; max-height: 92vh; border: 1px solid var(--line); margin-top: .75rem; width: fit-content; max-width: 100%; }
table { border-collapse: separate; border-spacing: 0; }
th, td { border: 0 solid var(--line); border-width: 0 1px 1px 0; padding: .25rem .5rem; text-align: left; vertical-align: top; font-weight: normal; background: Canvas; }
thead { position: sticky; top: 0; z-index: 2; }
tfoot { position: sticky; bottom: 0; z-index: 2; }
thead th, tfoot th, tfoot td { background: color-mix(in srgb, CanvasText 7%, Canvas); }
thead th { vertical-align: bottom; min-width: 4.2rem; max-width: 7rem; }
.learner { position: sticky; left: 0; z-index: 1; width: 14rem; min-width: 14rem; max-width: 14rem; overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.passed { background: color-mix(in srgb, #2a9d4a 22%, Canvas); }
.failed { background: color-mix(in srgb, #e08a00 20%, Canvas); }
.undecided { background: color-mix(in srgb, #3f7fd0 22%, Canvas); }
.none { color: var(--quiet); }
small { display: block; color: var(--quiet); font-size: .8rem; white-space: nowrap; }
.learner small { white-space: normal; }
.said { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
meter { width: 8rem; }
tbody + tbody th, tbody + tbody tr:first-child td { border-top: 1px solid var(--line); }
@media (max-width: 600px) { body { margin: .75rem; } .learner { width: 8rem; min-width: 6rem; max-width: 8rem; } }
@media print { .scroll { overflow: visible; max-height: none; border: 0; } thead, tfoot, .learner { position: static; } }`;

/** What stands behind a cell's points, so that no state is told by colour alone. */
const MARKS = { passed: '✓', failed: '✗', undecided: '?' } as const;

/** The table as one HTML page that needs nothing else: no script, no picture, no network. */
export function classHtml(table: ClassTable): string {
  const { exercises, rows, of } = table;
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>Backend Labs: ${counted(rows.length, 'learner')}</title><style>${STYLE}</style></head><body>`,
    '<h1>Backend Labs</h1>',
    `<p>${counted(rows.length, 'learner')}, ${counted(exercises.length, 'exercise')} worth ${counted(of, 'point')}.${rows.length > 2 ? ` Half of the class has at least ${median(rows)}.` : ''}</p>`,
    '<p>✓ passed, ✗ not passed, ? undecided (the machine was too busy, or the grading was stopped: grade again), – not started.</p>',
    ...exercises.filter(({ versions }) => versions.length > 1).map((column) => `<p>Results of ${escaped(`${column.lab}/${column.exercise}`)} are of its versions ${column.versions.join(' and ')}, whose checks and points may differ: where a cell is not of ${column.of} points, it says of how many.</p>`),
    region('Points of each learner', [
      headHtml(table),
      `<tbody>${rows.map((row) => rowHtml(row, exercises)).join('\n')}</tbody>`,
      `<tfoot><tr><th scope="row" class="learner">Passed by</th><td></td>${exercises.map(({ passed }) => `<td class="number">${passed}<small>of ${rows.length}</small></td>`).join('')}</tr></tfoot>`,
    ]),
    '<h2>Where the class got stuck</h2>',
    region('Learners who passed each check', ['<thead><tr><th scope="col" class="learner">Exercise</th><th scope="col">Check</th><th scope="col" colspan="2">Passed by</th></tr></thead>', ...exercises.map(checksHtml)]),
    '</body></html>',
    '',
  ].join('\n');
}

/** A table that scrolls by itself, also by keyboard. */
function region(label: string, parts: readonly string[]): string {
  return `<div class="scroll" role="region" tabindex="0" aria-label="${label}"><table aria-label="${label}">${parts.join('\n')}</table></div>`;
}

/** The labs, and below each its exercises. */
function headHtml({ exercises, of }: ClassTable): string {
  const labs = [...new Set(exercises.map(({ lab }) => lab))].map((lab) => `<th scope="colgroup" colspan="${exercises.filter((column) => column.lab === lab).length}">${escaped(lab)}</th>`);
  const columns = exercises.map(({ exercise, of: worth }) => `<th scope="col">${escaped(exercise)}<small>of ${worth}</small></th>`);
  return `<thead><tr><th scope="col" rowspan="2" class="learner">Learner</th><th scope="col" rowspan="2">Points<small>of ${of}</small></th>${labs.join('')}</tr><tr>${columns.join('')}</tr></thead>`;
}

function rowHtml({ learner, points, results, cells }: ClassRow, exercises: readonly ClassColumn[]): string {
  const several = results > 1 ? `<small>best of ${results} results</small>` : '';
  return `<tr><th scope="row" class="learner"><bdi>${escaped(learner)}</bdi>${several}</th><td class="number">${points}</td>${cells.map((cell, i) => cellHtml(cell, exercises[i] as ClassColumn)).join('')}</tr>`;
}

function cellHtml(cell: ExerciseResult | null, { of }: ClassColumn): string {
  if (!cell) return `<td class="number none">–<span class="said"> ${cellText(null)}</span></td>`;
  const state = cell.verdict === 'passed' || cell.verdict === 'failed' ? cell.verdict : 'undecided';
  return `<td class="number ${state}">${cell.points}${cell.of === of ? '' : `/${cell.of}`} ${MARKS[state]}<span class="said"> ${cellText(cell)}</span></td>`;
}

/** What a teacher looks for: where the class got stuck. */
function checksHtml(column: ClassColumn): string {
  const { checks } = column;
  const lines = checks.map(
    ({ title, passed, of }, i) =>
      `<tr>${i === 0 ? `<th scope="rowgroup" rowspan="${checks.length}" class="learner">${escaped(column.exercise)}<small>${escaped(column.lab)}</small></th>` : ''}<td>${escaped(title)}</td><td class="number">${passed} of ${of}</td><td><meter max="${of}" value="${passed}">${passed} of ${of}</meter></td></tr>`,
  );
  return lines.length === 0 ? `<tbody><tr><th scope="rowgroup" class="learner">${escaped(column.exercise)}<small>${escaped(column.lab)}</small></th><td colspan="3" class="none">Nobody has started it.</td></tr></tbody>` : `<tbody>${lines.join('\n')}</tbody>`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** What half of the learners have at least. */
function median(rows: readonly ClassRow[]): number {
  const points = rows.map((row) => row.points).sort((a, b) => b - a);
  return points[Math.ceil(points.length / 2) - 1] ?? 0;
}
