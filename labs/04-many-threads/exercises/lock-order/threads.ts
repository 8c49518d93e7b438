import { threads, type ThreadContext } from 'backend-labs/kit';

/** One lock for each account. */
interface Locks {
  lock(account: number): void;
  unlock(account: number): void;
}

/** What the learner's file exports. */
interface Bank {
  transfer(accounts: Int32Array, locks: Locks, from: number, to: number, amount: number): boolean;
}
type T = ThreadContext<Bank>;
type Memory = Readonly<Record<string, Int32Array>>;

const CALLS = ['transfer'] as const;
const LOCKS = 4;
/** So much that no order of the stress run's transfers can use it up. */
const RICH = 1_000_000;

const accountsOf = (t: T): Int32Array => t.memory.accounts as Int32Array;

const locksOf = (t: T): Locks => ({ lock: (account) => t.lock(account), unlock: (account) => t.unlock(account) });

/** Transfers one after another: from, to, amount, and whether it has to go through. */
const transfers = (...list: readonly (readonly [number, number, number, boolean])[]) => (t: T): void => {
  for (const [from, to, amount, works] of list) {
    const did = t.learner.transfer(accountsOf(t), locksOf(t), from, to, amount);
    if (did !== works) t.fail(`A transfer of ${amount} from account ${from} to ${to} returned ${String(did)} where it has to return ${String(works)}`, 'enough-or-false');
  }
};

const holds = (hint: string, ...expected: readonly number[]) => ({ accounts }: Memory): { message: string; hint: string } | null => {
  const are = [...(accounts ?? [])];
  return are.join() === expected.join() ? null : { message: `The accounts hold ${are.join(', ')} where they have to hold ${expected.join(', ')}`, hint };
};

/** Adds up all accounts while it holds all locks, lowest first. */
function audit(t: T): void {
  for (let account = 0; account < LOCKS; account++) t.lock(account);
  const sum = Array.from({ length: LOCKS }, (_, account) => accountsOf(t)[account] as number).reduce((total, each) => total + each, 0);
  if (sum !== 400) t.fail(`An audit that holds all locks finds ${sum} where there are 400`, 'hold-both');
  for (let account = 0; account < LOCKS; account++) t.unlock(account);
}

const memory = { accounts: [100, 100, 100, 100] };

export default threads<Bank>({
  alone: { memory, calls: CALLS, threads: { A: transfers([0, 1, 30, true], [1, 0, 500, false], [2, 3, 100, true], [2, 0, 1, false], [2, 1, 1, false]) }, end: holds('enough-or-false', 70, 130, 0, 200) },
  itself: { memory, calls: CALLS, threads: { A: transfers([1, 1, 10, true], [1, 2, 10, true]) }, end: holds('same-account', 100, 90, 110, 100) },
  same: { memory, calls: CALLS, threads: { A: transfers([0, 1, 10, true]), B: transfers([0, 1, 20, true]) }, end: holds('lock-it', 70, 130, 100, 100) },
  into: { memory, calls: CALLS, threads: { A: transfers([0, 1, 10, true]), B: transfers([2, 1, 20, true]) }, end: holds('lock-it', 90, 130, 80, 100) },
  opposite: { memory, calls: CALLS, threads: { A: transfers([0, 1, 10, true]), B: transfers([1, 0, 20, true]) }, end: holds('lock-it', 110, 90, 100, 100) },
  ring: { memory, calls: CALLS, threads: { A: transfers([0, 1, 10, true]), B: transfers([1, 2, 10, true]), C: transfers([2, 0, 10, true]) }, end: holds('lock-it', 100, 100, 100, 100) },
  audited: { memory, calls: CALLS, threads: { A: transfers([1, 2, 30, true]), B: audit }, end: holds('lock-it', 100, 70, 130, 100) },
  apart: {
    memory,
    calls: CALLS,
    threads: {
      // Holds what the other has no business with, for ever.
      A: (t) => {
        t.lock(0);
        t.lock(3);
      },
      B: transfers([1, 2, 10, true]),
    },
    end: holds('lock-it', 100, 90, 110, 100),
  },
  busy: {
    memory: { accounts: [RICH, RICH, RICH, RICH] },
    calls: CALLS,
    threads: { A: transfers([0, 1, 10, true], [2, 3, 10, true]), B: transfers([1, 0, 10, true], [3, 2, 10, true]), C: transfers([1, 2, 10, true], [2, 1, 10, true]), D: transfers([3, 0, 10, true], [0, 3, 10, true]) },
    end: ({ accounts }) => {
      const sum = (accounts ?? new Int32Array(0)).reduce((total, each) => total + each, 0);
      return sum === 4 * RICH ? null : { message: `The accounts hold ${sum} together where they have to hold ${4 * RICH}`, hint: 'lock-it' };
    },
  },
});
