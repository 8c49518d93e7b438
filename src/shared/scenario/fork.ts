import { Type, type Static } from '@sinclair/typebox';
import { HumanError } from '../errors.ts';
import { validated } from '../validate.ts';
import { annotations } from './annotations.ts';

const writes = Type.Object(
  {
    count: Type.Integer({ minimum: 0, maximum: 50_000_000 }),
    pattern: Type.Union([Type.Literal('uniform'), Type.Literal('sequential'), Type.Literal('zipf')], {
      description: 'one of uniform, sequential, zipf',
      errorFromDescription: true,
    }),
    seed: Type.Optional(Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER })),
    /** Of zipf only: rank r is written in proportion to r^-exponent. */
    exponent: Type.Optional(Type.Number({ minimum: 0, maximum: 20 })),
  },
  { additionalProperties: false },
);

const Cost = Type.Optional(Type.Number({ minimum: 0, maximum: 1e9 }));
/** Nanoseconds: of fork() for each page of the parent, of a write, and, on top, of copying a page at its first write. A write takes 1000 and all else nothing where missing. */
const costs = Type.Object({ fork_page_ns: Cost, write_ns: Cost, copy_ns: Cost }, { additionalProperties: false });

/** A scenario of kind `fork`: a parent that writes to its memory after fork(). */
export const forkScenarioSchema = Type.Object(
  {
    ...annotations,
    kind: Type.Literal('fork'),
    pages: Type.Integer({ minimum: 1, maximum: 16_777_216 }),
    page_bytes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_073_741_824 })),
    writes,
    costs: Type.Optional(costs),
    children: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  },
  { additionalProperties: false },
);

export type ForkScenario = Static<typeof forkScenarioSchema>;

/** What `simulate` prints for kind `fork`. */
export interface ForkOutput {
  /** Pages that the parent has a copy of its own of. */
  readonly copied_pages: number;
  /** Pages that parent and children still share. */
  readonly shared_pages: number;
  /** Memory that the copies take. */
  readonly extra_bytes: number;
  /** Page faults of the parent: one for each copied page. */
  readonly faults: number;
}

/**
 * Checks a scenario of kind `fork`. A seed and an exponent may stand beside patterns that need none.
 * @throws HumanError with one sentence that names the field and what it may be.
 */
export function parseForkScenario(value: unknown): ForkScenario {
  const scenario = validated(forkScenarioSchema, value, 'this fork scenario');
  if (scenario.writes.pattern === 'zipf' && scenario.writes.exponent === undefined) {
    throw new HumanError('In this fork scenario, "writes.exponent" must be a number from 0 to 20, since the pattern is zipf (it is missing).');
  }
  return scenario;
}
