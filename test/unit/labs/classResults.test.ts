import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classCsv } from '../../../src/labs/classCsv.ts';
import { classHtml } from '../../../src/labs/classHtml.ts';
import { classTable } from '../../../src/labs/classTable.ts';
import type { AllGraded, GradedFile } from '../../../src/labs/gradeAll.ts';
import { junitXml } from '../../../src/labs/junit.ts';
import { escaped } from '../../../src/labs/markup.ts';
import type { CheckResult } from '../../../src/shared/report.ts';

/** XML 1.0 §2.2. */
const NOT_XML = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const check = (id: string, points: number, outcome: CheckResult['outcome'], kind?: 'wrong-answer' | 'our-fault'): CheckResult => ({
  id,
  title: `It does ${id}`,
  points,
  outcome,
  durationMs: 1500,
  steps: ['Start'],
  ...(kind && { failure: { kind, message: 'a < b & "c"', steps: ['Start', 'Ask'], expected: '1', actual: '2', hint: { id: 'h', text: 'Look.' }, location: { line: 4, column: 2, endLine: 4, endColumn: 9 } } }),
});

function graded(exercise: string, checks: CheckResult[], output = ''): GradedFile {
  const passed = checks.every(({ outcome }) => outcome === 'passed');
  const sum = (wanted: CheckResult[]): number => wanted.reduce((total, { points }) => total + points, 0);
  return { version: 1, lab: '05', exercise, verdict: passed ? 'passed' : 'failed', points: sum(checks.filter(({ outcome }) => outcome === 'passed')), of: sum(checks), durationMs: 3000, seed: 7, checks, output, file: `backend-labs/05/${exercise}.ts`, exerciseVersion: 1 };
}

function result(exercises: GradedFile[], learner: string | null = null): AllGraded {
  return { version: 1, learner, points: 5, of: 20, exercises, notStarted: [{ lab: '05', exercise: 'other', of: 10 }], unknownFiles: [] };
}

/** As an XML parser splits it: every tag is closed in order, and nothing else holds a bracket. Gives the tags' names. */
function tagsOf(xml: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const rest = xml.replace(/<\?xml[^?]*\?>/, '').replaceAll(/<!--.*?-->/gs, '').replaceAll(/<(\/?)([a-z-]+)((?: [\w.-]+="[^"<>]*")*)(\/?)>/g, (_, close: string, name: string, _attributes: string, empty: string) => {
    if (close) expect(open.pop()).toBe(name);
    else names.push(name);
    if (!close && !empty) open.push(name);
    return '';
  });
  expect(open).toEqual([]);
  expect(rest).not.toMatch(/[<>]|&(?!(amp|lt|gt|quot|#39|#13|#10|#9);)/);
  return names;
}

describe('JUnit XML', () => {
  it('counts failures, errors and what was skipped, and gives points per check', () => {
    const xml = junitXml(result([graded('a', [check('x', 2, 'passed'), check('y', 3, 'failed', 'wrong-answer'), check('z', 1, 'failed', 'our-fault'), check('w', 1, 'skipped')])], 'Ada'));
    expect(xml).toContain('<testsuites name="Backend Labs: Ada" tests="5" failures="1" errors="1" skipped="2" time="3.000">');
    expect(xml).toContain('<property name="points.y" value="0/3"/>');
    expect(xml).toContain('<property name="points.x" value="2/2"/>');
    expect(xml).toContain('file="backend-labs/05/a.ts" line="5">');
    expect(xml).toContain('message="a &lt; b &amp; &quot;c&quot;" type="wrong-answer"');
    expect(xml).toMatch(/1\. Start\n2\. Ask\n.*\nexpected: 1\nactual: {3}2\nhint: Look\./);
    expect(tagsOf(xml).filter((name) => ['failure', 'error', 'skipped'].includes(name))).toEqual(['failure', 'error', 'skipped', 'skipped']);
  });

  it('stays XML whatever a program prints and whatever a learner is called', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary', minLength: 1 }), (output, learner) => {
        const xml = junitXml(result([graded('a', [check('x', 1, 'passed')], output)], learner));
        tagsOf(xml);
        expect(xml).not.toMatch(NOT_XML);
      }),
    );
  });

  it.each(['\0', '\x1b[31m', '\ud800', '\uffff', ']]>', '<script>'])('escapes %j', (text) => {
    expect(escaped(text)).not.toMatch(NOT_XML);
    expect(escaped(text)).not.toMatch(/[<>]/);
  });
});

describe('the table of a class', () => {
  const half = graded('a', [check('x', 2, 'passed'), check('y', 3, 'failed', 'wrong-answer')]);
  const whole = graded('a', [check('x', 2, 'passed'), check('y', 3, 'passed')]);

  it('has a row a learner, in order of their names, and a column an exercise, begun or not', () => {
    const table = classTable([{ learner: 'Zoë', result: result([whole]) }, { learner: 'Ada', result: result([half]) }]);
    expect(table.rows.map(({ learner, points }) => [learner, points])).toEqual([['Ada', 2], ['Zoë', 5]]);
    expect(table.exercises.map(({ exercise, of, passed }) => [exercise, of, passed])).toEqual([['a', 5, 1], ['other', 10, 0]]);
    expect(table.exercises[0]?.checks.map(({ id, passed, of }) => [id, passed, of])).toEqual([['x', 2, 2], ['y', 1, 2]]);
    expect(table.of).toBe(15);
  });

  it.each([[half, whole], [whole, half]])('takes the better of several results of one learner', (...both) => {
    const table = classTable(both.map((one) => ({ learner: 'Ada', result: result([one]) })));
    expect(table.rows).toHaveLength(1);
    expect(table.rows[0]?.points).toBe(5);
  });

  it('is CSV with points of each exercise and each check', () => {
    expect(classCsv(classTable([{ learner: 'Ada "the first", L.', result: result([half]) }]))).toBe(
      '"learner","points","of","05/a","05/a state","05/a x","05/a y","05/other","05/other state"\r\n"Ada ""the first"", L.",2,15,2,"not passed",2,0,0,"not started"\r\n',
    );
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', ' =1', '=cmd|\' /C calc\'!A0', '|x', '%x', '＝1', '\u0000=1'])('gives a spreadsheet no formula in %j', (learner) => {
    expect(classCsv(classTable([{ learner, result: result([half]) }])).split('\r\n"')[1]).toMatch(/^'/);
  });

  it('is a page without any markup of a learner’s making', () => {
    const html = classHtml(classTable([{ learner: '<img src=x onerror=alert(1)>"\'&', result: result([half]) }]));
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;');
    expect(html).not.toMatch(/<img|<script/);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('<td class="number failed">2 ✗<span class="said"> not passed</span></td>');
    expect(html).toContain('<td class="number none">–<span class="said"> not started</span></td>');
  });

  it('tells no state by colour alone', () => {
    const busy: GradedFile = { ...half, verdict: 'unfit-machine', points: 0 };
    const html = classHtml(classTable([{ learner: 'A', result: result([whole]) }, { learner: 'B', result: result([busy]) }]));
    expect(html).toMatch(/class="number passed">5 ✓<span class="said"> passed</);
    expect(html).toMatch(/class="number undecided">0 \?<span class="said"> undecided</);
  });

  it.each([[{ verdict: 'cancelled' as const }], [{ verdict: 'unfit-machine' as const }]])('takes the result that was decided where points are equal: not %j', (change) => {
    const failed = graded('a', [check('x', 2, 'failed', 'wrong-answer')]);
    for (const both of [[failed, { ...failed, ...change }], [{ ...failed, ...change }, failed]]) {
      const table = classTable(both.map((one) => ({ learner: 'Ada', result: result([one]) })));
      expect(table.rows[0]?.cells[0]?.verdict).toBe('failed');
      expect(classHtml(table)).toContain('<bdi>Ada</bdi><small>best of 2 results</small>');
    }
  });

  it('says of how many points a cell is, and who had a check to pass, where results are of two versions of an exercise', () => {
    const newer: GradedFile = { ...graded('a', [check('x', 2, 'passed'), check('z', 8, 'failed', 'wrong-answer')]), exerciseVersion: 2 };
    const none = result([]);
    const table = classTable([{ learner: 'A', result: result([whole]) }, { learner: 'B', result: result([newer]) }, { learner: 'C', result: none }, { learner: 'D', result: none }]);
    const [column] = table.exercises;
    expect(column).toMatchObject({ of: 10, passed: 1, versions: [1, 2] });
    expect(column?.checks.map(({ id, passed, of }) => [id, passed, of])).toEqual([['x', 2, 4], ['y', 1, 3], ['z', 0, 3]]);
    const html = classHtml(table);
    expect(html).toContain('Results of 05/a are of its versions 1 and 2');
    expect(html).toContain('5/5 ✓<span class="said"> passed</span>');
    expect(html).toContain('2 ✗<span class="said"> not passed</span></td>');
  });

  it('has a page also where nobody has begun anything', () => {
    const html = classHtml(classTable([{ learner: 'A', result: result([]) }]));
    expect(html).toContain('Nobody has started it.');
    expect(html).toContain('1 learner, 1 exercise worth 10 points.');
  });
});
