import { validateLabs } from '../labs/validate/validateLabs.ts';
import { cacheFolder } from './cacheFolder.ts';
import type { CommandContext, CommandResult } from './command.ts';
import { runnerHost } from './runnerHost.ts';

/** `validate`: every lab held to what a lab must be; `--static` reads without grading, `--fresh` grades what was graded before. */
export async function validateCommand(context: CommandContext): Promise<CommandResult> {
  const findings = await validateLabs(context.labDirs, context.static ? null : runnerHost(), { signal: context.signal, onProgress: context.progress, cacheDir: context.fresh ? null : (context.cache ?? cacheFolder('validate')) });
  const problems = findings.filter((one) => one.problem !== null);
  const lines = problems.map(({ lab, what, problem }) => `✗ ${lab}, ${what}: ${problem ?? ''}`);
  const json = { checked: findings.length, problems };
  return { code: problems.length ? 1 : 0, json, text: [...lines, `${findings.length} looked at, ${problems.length} with problems`, ''].join('\n') };
}
