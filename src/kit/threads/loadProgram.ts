import { isThreads, type ThreadsDefinition } from './definition.ts';

/** One program of a `threads.ts`. Throws where there is none of that name. */
export async function loadProgram(url: string, name: string): Promise<ThreadsDefinition['programs'][string]> {
  const { default: defined } = (await import(url)) as { default?: unknown };
  const program = isThreads(defined) ? defined.programs[name] : undefined;
  if (!program) throw new Error(`threads.ts must export default threads({ ${name}: … }).`);
  return program;
}
