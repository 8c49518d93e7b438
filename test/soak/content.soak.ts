import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Every lab's content ten times: starters fail, solutions pass, known-wrong ones fail their check with their hint, each time. The argument is how often. */
const RUNS = Number(process.argv[2] ?? 10);

interface Validated {
  readonly checked: number;
  readonly problems: readonly { readonly lab: string; readonly what: string; readonly problem: string }[];
}

let checked = 0;
const problems: { run: number; what: string; problem: string }[] = [];
for (let run = 1; run <= RUNS; run++) {
  const args = ['dist/cli.cjs', 'validate', '--fresh', '--json'];
  // It ends with 1 where there is a problem, which is for us to count.
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 }).catch((error: unknown) => error as { stdout: string });
  const found = JSON.parse(stdout) as Validated;
  checked += found.checked;
  problems.push(...found.problems.map(({ lab, what, problem }) => ({ run, what: `${lab}, ${what}`, problem })));
}
process.exitCode = problems.length === 0 && checked > 0 ? 0 : 1;
console.log(JSON.stringify({ runs: RUNS, checked, problems }));
