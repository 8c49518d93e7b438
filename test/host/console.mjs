// How the scripts of this folder speak: one line for each step, with what it took.

/** Says one line. */
export function say(text) {
  process.stdout.write(`${text}\n`);
}

/** Says `text`, does `work`, and says how long it took. */
export async function step(text, work) {
  say(`${text} …`);
  const start = process.hrtime.bigint();
  const result = await work();
  say(`  done in ${seconds(start)}`);
  return result;
}

/** The time since `start` (from process.hrtime.bigint()), as people read it. */
export function seconds(start) {
  return `${(Number(process.hrtime.bigint() - start) / 1e9).toFixed(1)} s`;
}

/** What a person can act on: its message is said without a stack. */
export class HumanError extends Error {
  name = 'HumanError';
}

/** Ends the process with what `error` says: a sentence where a person can act on it, else the stack. */
export function fail(error) {
  console.error(error instanceof HumanError ? error.message : error);
  process.exit(error instanceof HumanError ? 2 : 1);
}
