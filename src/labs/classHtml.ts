import type { ExerciseResult } from '../shared/learnerResult.ts';
import { cellText, type ClassTable } from './classTable.ts';
import { escaped } from './markup.ts';

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.4 system-ui, sans-serif; }
body { margin: 2rem; }
table { border-collapse: collapse; margin-block: 1rem 2rem; }
th, td { border: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .3rem .6rem; text-align: left; }
td.points { text-align: right; font-variant-numeric: tabular-nums; }
td.passed { background: color-mix(in srgb, green 18%, transparent); }
td.failed { background: color-mix(in srgb, orange 18%, transparent); }
td.undecided { background: color-mix(in srgb, gray 18%, transparent); }
small { display: block; opacity: .8; }`;

/** The table as one HTML page that needs nothing else: no script, no picture, no network. */
export function classHtml(table: ClassTable): string {
  const { exercises, rows, of } = table;
  const head = ['Learner', `Points of ${of}`].map((text) => `<th scope="col">${text}</th>`);
  const columns = exercises.map(({ lab, exercise, of: worth }) => `<th scope="col">${escaped(exercise)}<small>${escaped(lab)}, of ${worth}</small></th>`);
  const body = rows.map(({ learner, points, cells }) => `<tr><th scope="row">${escaped(learner)}</th><td class="points">${points}</td>${cells.map(cellHtml).join('')}</tr>`);
  const foot = exercises.map(({ passed }) => `<td>${passed} of ${rows.length} passed</td>`);
  return [
    '<!doctype html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">`,
    '<meta name="viewport" content="width=device-width">',
    `<title>Backend Labs: ${rows.length} learners</title><style>${STYLE}</style></head><body>`,
    '<h1>Backend Labs</h1>',
    `<table><caption>Points of ${rows.length} learners</caption>`,
    `<thead><tr>${[...head, ...columns].join('')}</tr></thead>`,
    `<tbody>${body.join('\n')}</tbody>`,
    `<tfoot><tr><th scope="row">Class</th><td></td>${foot.join('')}</tr></tfoot></table>`,
    checksHtml(table),
    '</body></html>',
    '',
  ].join('\n');
}

function cellHtml(cell: ExerciseResult | null): string {
  const state = cell?.verdict === 'passed' || cell?.verdict === 'failed' ? cell.verdict : cell ? 'undecided' : 'none';
  return `<td class="${state}">${cell ? cell.points : 0}<small>${cellText(cell)}</small></td>`;
}

/** What a teacher looks for: where the class got stuck. */
function checksHtml({ exercises, rows }: ClassTable): string {
  const lines = exercises.flatMap(({ lab, exercise, checks }) =>
    checks.map(({ title, passed }) => `<tr><th scope="row">${escaped(`${lab}/${exercise}`)}</th><td>${escaped(title)}</td><td class="points">${passed} of ${rows.length}</td></tr>`),
  );
  return `<table><caption>Learners who passed each check</caption><thead><tr><th scope="col">Exercise</th><th scope="col">Check</th><th scope="col">Passed</th></tr></thead><tbody>${lines.join('\n')}</tbody></table>`;
}
