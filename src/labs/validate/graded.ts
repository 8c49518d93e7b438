import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ExerciseFolder } from '../../catalog/catalog.ts';
import { gradeExercise } from '../../grading/gradeExercise.ts';
import type { RunnerHost } from '../../runtime/runnerHost.ts';
import type { ExerciseReport } from '../../shared/report.ts';
import type { Finding } from './finding.ts';

/** How often a file is graded where the machine was not fit to decide: that says nothing of the file. */
const TIMES = 3;

/** Grades an exercise's own files: its starter fails, its solution passes, each known-wrong one fails only its check and gets its hint. */
export async function gradedFindings(folder: ExerciseFolder, host: RunnerHost, options: { signal: AbortSignal; onProgress: (message: string) => void }): Promise<Finding[]> {
  const { exercise, lab } = folder;
  const findings: Finding[] = [];
  const grade = async (file: string, judge: (report: ExerciseReport) => string | null): Promise<void> => {
    const what = `${exercise.id}/${file}`;
    options.onProgress(`${lab}/${what}`);
    const path = join(folder.dir, file);
    const source = await readFile(path, 'utf8');
    let report: ExerciseReport;
    let times = 0;
    do {
      report = await gradeExercise({ exercise: folder, source, path }, host, { signal: options.signal });
      options.signal.throwIfAborted();
    } while (report.verdict === 'unfit-machine' && ++times < TIMES);
    findings.push({ lab, what, problem: judge(report) });
  };
  await grade('starter.ts', (report) => (report.verdict === 'failed' && ran(report) ? null : `a starter must run and fail a check, this came to: ${summary(report)}`));
  await grade('solution.ts', (report) => (report.verdict === 'passed' ? null : `a solution must pass, this came to: ${summary(report)}`));
  for (const wrong of exercise.wrong) {
    await grade(join('wrong', wrong.file), (report) => {
      const failed = report.checks.filter((check) => check.outcome === 'failed');
      const right = failed.length === 1 && failed[0]?.id === wrong.fails && failed[0].failure?.hint?.id === wrong.hint;
      return right ? null : `it must fail only ${wrong.fails} and get the hint ${wrong.hint}, this came to: ${summary(report)}`;
    });
  }
  return findings;
}

/** It fails for what it does, not for want of running. */
function ran(report: ExerciseReport): boolean {
  return report.checks.every(({ failure }) => !failure || !['syntax', 'did-not-listen', 'crashed', 'our-fault', 'unfit-machine'].includes(failure.kind));
}

function summary(report: ExerciseReport): string {
  const failures = report.checks.flatMap(({ id, failure }) => (failure ? [`${id} (${failure.kind}${failure.hint ? `, hint ${failure.hint.id}` : ''}): ${failure.message}`] : []));
  return [report.verdict, ...failures].join('; ');
}
