import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

// Counts primes in four processes. GET /primes?below=10000 answers {"primes": 1229, "by": [four PIDs]}.
//
//   each request starts four processes of its own; each counts a quarter
//   requests at the same time do not mix
//   where a process fails, the answer is 500, and the next request is as good as ever
//   when a request is answered, no process of it is left
const PROCESSES = 4;
const LARGEST = 1_000_000;

/** What a child has to say, once. */
interface Part {
  readonly primes: number;
  readonly by: number;
}

if (process.argv[2] === 'count') {
  const [from, to] = process.argv.slice(3).map(Number) as [number, number];
  // A process returns a number to its parent: its exit code.
  process.exit(countPrimes(from, to));
} else {
  const server = createServer((request, response) => {
    const below = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('below'));
    // Only what is settled for all four is an answer: none of them is left running behind it.
    void Promise.allSettled(quarters(below).map(countInProcess)).then((results) => {
      const parts = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      response.writeHead(parts.length === PROCESSES ? 200 : 500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ primes: parts.reduce((sum, { primes }) => sum + primes, 0), by: parts.map(({ by }) => by) }));
    });
  });
  server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}

/** Resolves when the process is gone, with the number that it returned. */
function countInProcess([from, to]: readonly [number, number]): Promise<Part> {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url), ['count', String(from), String(to)]);
    child.once('close', (code) => resolve({ primes: code ?? 0, by: child.pid ?? 0 }));
  });
}

/** The numbers below `below` in four ranges, each from its first to before its last. */
function quarters(below: number): (readonly [from: number, to: number])[] {
  const edge = (i: number): number => Math.floor((below * i) / PROCESSES);
  return Array.from({ length: PROCESSES }, (_, i) => [edge(i), edge(i + 1)] as const);
}

/** How many primes there are from `from` to before `to`. Throws where that would take too long. */
function countPrimes(from: number, to: number): number {
  if (to > LARGEST) throw new RangeError(`Too large: ${to}`);
  let primes = 0;
  for (let n = Math.max(2, from); n < to; n++) if (isPrime(n)) primes++;
  return primes;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
