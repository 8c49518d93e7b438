import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const RUNS = 100;
const LEAST = 0.95;

interface Agreement {
  readonly runs: number;
  readonly agreed: number;
  readonly of: number;
  readonly unfit: number;
  readonly comparisons: readonly { readonly quantity: string; readonly runs: number; readonly agreed: number; readonly exposed: number; readonly wrongModel: string | null }[];
}

/**
 * A lab for real, 100 times: at least 95 % of the comparisons agree, each exposes its wrong model in 95 % of the runs, and
 * the machine is too busy to decide at most 5 % of them. Prints what it found, and sets how the process ends.
 */
export async function soakLab(id: string): Promise<void> {
  const args = ['dist/cli.cjs', 'run', id, '--repeat', String(RUNS), '--json'];
  // It ends with 1 where any comparison differed in any run, which is for us to judge.
  const { stdout } = await promisify(execFile)(process.execPath, args, { maxBuffer: 1 << 26 }).catch((error: unknown) => error as { stdout: string });
  const found = JSON.parse(stdout) as Agreement;
  const fit = found.unfit <= (1 - LEAST) * (found.of + found.unfit);
  const exposed = found.comparisons.every((row) => row.wrongModel === null || row.exposed >= LEAST * row.runs);
  process.exitCode = found.agreed >= LEAST * found.of && exposed && fit ? 0 : 1;
  console.log(JSON.stringify(found));
}
