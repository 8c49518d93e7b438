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
const ACCOUNTS = [100, 100, 100, 100];
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

/** Transfers 70 of the 100 of account 0 to `to`, and notes whether it went through. */
const drains = (to: number) => (t: T): void => {
  if (t.learner.transfer(accountsOf(t), locksOf(t), 0, to, 70)) (t.memory.got as Int32Array)[t.number - 1] = 70;
};

/** Of two who want 70 of 100 each, one gets it. */
function oneOfTwo({ accounts, got }: Memory): { message: string; hint: string } | null {
  const is = [...(accounts ?? []), ...(got ?? [])].join();
  if (is === '30,170,100,100,70,0' || is === '30,100,170,100,0,70') return null;
  const [a, b] = got ?? [];
  return { message: `Two threads wanted 70 each of an account with 100; A moved ${a ?? 0}, B moved ${b ?? 0}, and the account holds ${accounts?.[0] ?? 0}`, hint: 'look-inside' };
}

/** In which order the learner takes the locks of 1 and 2, tried on accounts of one's own: any order is right as long as everybody keeps to it. */
function orderOf(t: T): Set<number> {
  const order = new Set<number>();
  t.learner.transfer(new Int32Array(ACCOUNTS), { lock: (account) => order.add(account), unlock: () => undefined }, 1, 2, 1);
  return order.add(1).add(2);
}

/** Adds up all accounts while it holds the locks of the two between which money moves. */
function audit(t: T): void {
  const order = orderOf(t);
  for (const account of order) t.lock(account);
  const sum = ACCOUNTS.map((_, account) => accountsOf(t)[account] as number).reduce((total, each) => total + each, 0);
  if (sum !== 400) t.fail(`An audit that holds both locks finds ${sum} in all accounts where there are 400`, 'hold-both');
  for (const account of order) t.unlock(account);
}

const memory = { accounts: ACCOUNTS };

export default threads<Bank>({
  alone: { memory, calls: CALLS, threads: { A: transfers([0, 1, 30, true], [1, 0, 500, false], [2, 3, 100, true], [2, 0, 1, false], [2, 1, 1, false]) }, end: holds('enough-or-false', 70, 130, 0, 200) },
  itself: { memory, calls: CALLS, threads: { A: transfers([1, 1, 10, true], [1, 1, 500, false], [1, 2, 10, true]) }, end: holds('same-account', 100, 90, 110, 100) },
  same: { memory, calls: CALLS, threads: { A: transfers([0, 1, 10, true]), B: transfers([0, 1, 20, true]) }, end: holds('lock-it', 70, 130, 100, 100) },
  into: { memory, calls: CALLS, threads: { A: transfers([0, 1, 10, true]), B: transfers([2, 1, 20, true]) }, end: holds('lock-it', 90, 130, 80, 100) },
  scarce: { memory: { ...memory, got: [0, 0] }, calls: CALLS, threads: { A: drains(1), B: drains(2) }, end: oneOfTwo },
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
