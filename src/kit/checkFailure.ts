import type { CheckOutcome } from '../shared/rpc.ts';

/** What a check came to instead of passing: thrown through the check's own code. */
export class CheckFailure extends Error {
  override readonly name = 'CheckFailure';
  /** True where no other check can do better: the program does not parse, or does not come up. */
  readonly final: boolean;

  constructor(
    readonly failure: NonNullable<CheckOutcome['failure']>,
    { final = false }: { final?: boolean } = {},
  ) {
    super(failure.message);
    this.final = final;
  }
}
