import type { CheckContext, HttpAnswer, HttpPlan, Program } from 'backend-labs/kit';

/** One thing that a customer wants to pay for, once. */
export interface Intent {
  readonly key: string;
  readonly order: string;
  /** 1250 unless given. */
  readonly cents?: number;
}

/** What the request of an attempt is; all attempts of an intent are the same, byte for byte. */
export function attempt({ key, order, cents = 1250 }: Intent): HttpPlan {
  return { method: 'POST', path: '/charges', headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key }, body: JSON.stringify({ order, cents }) };
}

/** How often an order was charged, as the server's own list has it; fails the check where there is no such list. */
export async function chargesOf(t: CheckContext, program: Program, order: string): Promise<number> {
  return (await chargesOfAll(t, program, [{ order }]))[0] ?? 0;
}

/** The same of several, by one look at the list. */
export async function chargesOfAll(t: CheckContext, program: Program, intents: readonly Pick<Intent, 'order'>[]): Promise<number[]> {
  const { status, error, body } = await t.http(program, { path: '/charges' });
  t.expect(error ?? status, { equals: 200 }, { what: 'The status of GET /charges', hint: 'leave-the-list', at: /request\.method/ });
  const charges = JSON.parse(body) as { order: string }[];
  return intents.map(({ order }) => charges.filter((charge) => charge.order === order).length);
}

/** An answer in a few words, for a failure. */
export function words({ status, error, body }: HttpAnswer): string {
  return error ?? `${status} ${body.trim().slice(0, 80)}`;
}

/** Status and body of an answer, which a retry must get again. */
export function told({ status, body }: HttpAnswer): string {
  return `${status} ${body}`;
}
