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

let total = 0;
const by: number[] = [];

if (process.argv[2] === 'count') {
  // This file again, in a child process.
  const [from, to] = process.argv.slice(3).map(Number) as [number, number];
  // ▼ Your work starts here: whose total is this, and whose list?
  total += countPrimes(from, to);
  by.push(process.pid);
  process.disconnect();
} else {
  const server = createServer((request, response) => {
    const below = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('below'));
    let left = PROCESSES;
    for (const [from, to] of quarters(below)) {
      const child = fork(fileURLToPath(import.meta.url), ['count', String(from), String(to)]);
      child.once('close', () => {
        if (--left > 0) return;
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ primes: total, by }));
      });
    }
  });
  server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
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
