import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gradeExercise } from '../../src/grading/gradeExercise.ts';
import type { Exercise } from '../../src/shared/lab.ts';
import type { ExerciseReport } from '../../src/shared/report.ts';

/**
 * Verdicts on time beside a process that burns a core: a server 20 % inside its limit is never failed, one 20 % outside is
 * never passed, and at most 5 % of the gradings are not decided. The argument is how often, 50 unless given.
 */
const RUNS = Number(process.argv[2] ?? 50);
const LIMIT_MS = 200;
const MOST_UNFIT = 0.05;

const root = fileURLToPath(new URL('../..', import.meta.url));
const host = { execPath: process.execPath, runnerPath: join(root, 'dist/runner.cjs') };
const dir = join(root, 'test/fixtures/labs/90-plain-answers/exercises/limit');
const exercise = JSON.parse(readFileSync(join(dir, 'exercise.json'), 'utf8')) as Exercise;

function server(answersAfterMs: number): string {
  return `import { createServer } from 'node:http';
createServer((_, response) => setTimeout(() => response.end('ok'), ${answersAfterMs})).listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
`;
}

async function verdicts(share: number): Promise<Record<ExerciseReport['verdict'], number>> {
  const found = { passed: 0, failed: 0, 'unfit-machine': 0, 'our-fault': 0, cancelled: 0 };
  for (let run = 0; run < RUNS; run++) {
    const { verdict } = await gradeExercise({ exercise: { dir, lab: '90-plain-answers', exercise }, source: server(LIMIT_MS * share), path: 'server.ts' }, host);
    found[verdict]++;
  }
  return found;
}

const burner = spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' });
try {
  const [inside, outside] = [await verdicts(0.8), await verdicts(1.2)];
  const unfit = (inside['unfit-machine'] + outside['unfit-machine']) / (2 * RUNS);
  const broken = inside['our-fault'] + outside['our-fault'];
  process.exitCode = inside.failed === 0 && outside.passed === 0 && unfit <= MOST_UNFIT && broken === 0 ? 0 : 1;
  console.log(JSON.stringify({ runs: RUNS, limitMs: LIMIT_MS, inside, outside, unfit }));
} finally {
  burner.kill('SIGKILL');
}
