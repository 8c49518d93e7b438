const known = new Map<number, number>();

/** What a report is to be; each is computed once, so that a check can have it computed before the clock runs. */
export function checksum(rounds: number): number {
  const before = known.get(rounds);
  if (before !== undefined) return before;
  const sum = computed(rounds);
  known.set(rounds, sum);
  return sum;
}

function computed(rounds: number): number {
  let x = 1;
  for (let i = 0; i < rounds; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x >>> 0;
}

let roundsPerMs = 0;

/** How many rounds take so long here, by the fastest of a few tries. */
export function roundsFor(milliseconds: number): number {
  const tries = 2_000_000;
  for (let i = 0; i < 8 && roundsPerMs === 0; i++) computed(tries);
  if (roundsPerMs === 0) {
    const times = Array.from({ length: 8 }, () => {
      const before = performance.now();
      computed(tries);
      return performance.now() - before;
    });
    roundsPerMs = tries / Math.min(...times);
  }
  return Math.round(roundsPerMs * milliseconds);
}
