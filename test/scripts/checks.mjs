// The static checks: each is one program, and counts as one test.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { capture } from '../host/command.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bin = (name) => join(root, 'node_modules/.bin', name);

/** Suite → the commands that must all succeed. */
export const CHECKS = {
  build: [[process.execPath, 'esbuild.mjs']],
  types: [
    [bin('tsc'), '--noEmit', '-p', '.'],
    [bin('tsc'), '--noEmit', '-p', 'test'],
    [bin('tsc'), '--noEmit', '-p', 'tsconfig.webview.json'],
    [bin('tsc'), '--noEmit', '-p', 'tsconfig.labs.json'],
  ],
  lint: [[bin('eslint'), '--max-warnings', '0', '.']],
  imports: [[process.execPath, 'test/scripts/import-rules.mjs']],
  deadcode: [[bin('knip')]],
  content: [[process.execPath, 'dist/cli.cjs', 'validate', '--cache', '.cache/validate']],
};

/** Runs the commands of one check: `{ passed, failed, skipped, output }`. */
export async function runCheck(name) {
  const outputs = [];
  for (const [file, ...args] of CHECKS[name]) {
    const program = file === process.execPath ? args[0] : undefined;
    if (program && !existsSync(join(root, program))) outputs.push(`${program} is missing: \`npm run build\` says why.`);
    else {
      const { code, output } = await capture(file, args, { cwd: root, timeoutMs: 900_000 });
      if (code !== 0) outputs.push(output.trimEnd() || `${args.join(' ')} ended with ${code}.`);
    }
  }
  const failed = outputs.length === 0 ? 0 : 1;
  return { passed: 1 - failed, failed, skipped: [], output: outputs.join('\n') };
}
