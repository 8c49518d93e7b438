/** An error that a person can act on: its message is a sentence that says what is wrong and what to do. */
export class HumanError extends Error {
  override readonly name = 'HumanError';
}

/** What a caught value says in one line; never throws. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
