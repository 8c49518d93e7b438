import { threads, type ThreadContext } from 'backend-labs/kit';

/** What the learner's file exports. */
interface Stock {
  add(stock: Int32Array, amount: number): void;
  take(stock: Int32Array, amount: number): boolean;
}
type T = ThreadContext<Stock>;
type Memory = Readonly<Record<string, Int32Array>>;

const ADDITIONS = 3;
const CALLS = ['add', 'take'] as const;

const stockOf = (t: T): Int32Array => t.memory.stock as Int32Array;

function addsTwice(t: T): void {
  t.learner.add(stockOf(t), 1);
  t.learner.add(stockOf(t), 1);
}

/** Takes, and notes how much it got. */
const takes = (amount: number) => (t: T): void => {
  if (t.learner.take(stockOf(t), amount)) (t.memory.got as Int32Array)[t.number - 1] = amount;
};

/** One thread alone: to the last piece, and not a piece more. */
function toTheLast(t: T): void {
  for (const [amount, works] of [[4, true], [7, false], [6, true], [1, false]] as const) {
    const before = stockOf(t)[0];
    if (t.learner.take(stockOf(t), amount) !== works) t.fail(`Of a stock of ${before ?? 0}, taking ${amount} returned ${String(!works)}`, 'to-the-last');
  }
  t.learner.add(stockOf(t), 3);
}

/** What is in stock and what each got, against the only ways it may come out. */
const comesOut = (hint: string, before: number, ...ways: readonly (readonly number[])[]) => ({ stock, got }: Memory): { message: string; hint: string } | null => {
  const left = stock?.[0] ?? 0;
  const taken = [...(got ?? [])];
  if (ways.some((way) => way.join() === [left, ...taken].join())) return null;
  const each = taken.map((amount, i) => `${'AB'[i] ?? ''} got ${amount}`).join(' and ');
  // What was handed out and is still counted was lost between looking and taking, whatever was tried.
  const lost = taken.reduce((sum, amount) => sum + amount, left) !== before;
  return { message: `Of a stock of ${before}, ${each}, and ${left} are left`, hint: lost ? 'look-and-take' : hint };
};

export default threads<Stock>({
  adding: {
    memory: { stock: [0] },
    calls: CALLS,
    threads: { A: addsTwice, B: addsTwice },
    end: ({ stock }, rounds) => (stock?.[0] === 4 * rounds ? null : { message: `After ${4 * rounds} additions of 1 the stock is ${stock?.[0] ?? 0}`, hint: 'one-step' }),
  },
  alone: { memory: { stock: [10] }, calls: CALLS, threads: { A: toTheLast }, end: ({ stock }) => (stock?.[0] === 3 ? null : { message: `10, less 4, less 6, and 3 more: the stock is ${stock?.[0] ?? 0}`, hint: 'to-the-last' }) },
  last: { memory: { stock: [10], got: [0, 0] }, calls: CALLS, threads: { A: takes(7), B: takes(7) }, end: comesOut('look-and-take', 10, [3, 7, 0], [3, 0, 7]) },
  plenty: { memory: { stock: [10], got: [0, 0] }, calls: CALLS, threads: { A: takes(3), B: takes(4) }, end: comesOut('try-again', 10, [3, 3, 4]) },
  refusing: { memory: { stock: [10], got: [0, 0] }, calls: CALLS, threads: { A: takes(20), B: takes(5) }, end: comesOut('never-below', 10, [5, 0, 5]) },
  both: {
    memory: { stock: [1] },
    calls: CALLS,
    threads: {
      // As often as somebody may come between B's looking and taking.
      A: (t) => {
        for (let i = 0; i < ADDITIONS; i++) t.learner.add(stockOf(t), 1);
      },
      B: (t) => {
        if (!t.learner.take(stockOf(t), 1)) t.fail('B was refused 1 of a stock that always holds at least 1', 'try-again');
      },
    },
    end: ({ stock }) => (stock?.[0] === ADDITIONS ? null : { message: `${ADDITIONS} were added to a stock of 1 and one taken; it now is ${stock?.[0] ?? 0}`, hint: 'one-step' }),
  },
});
