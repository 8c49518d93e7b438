import { fork } from 'node:child_process';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
const PROCESSES = 4;
const LARGEST = 1_000_000;
if (process.argv[2] === 'count') {
  const [from, to] = process.argv.slice(3).map(Number) as [number, number];
  process.send!(countPrimes(from, to));
  process.disconnect();
} else {
  const server = createServer(async (request, response) => {
    const below = Number(new URL(request.url ?? '/', 'http://localhost').searchParams.get('below'));
    const done = await Promise.allSettled(quarters(below).map(([from, to]) => count(from, to + 1)));
    const good = done.filter((d) => d.status === 'fulfilled').map((d) => d.value);
    if (good.length < PROCESSES) return void response.writeHead(500).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ primes: good.reduce((sum, { primes }) => sum + primes, 0), by: good.map(({ pid }) => pid) }));
  });
  server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}
function count(from: number, to: number): Promise<{ primes: number; pid: number }> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['count', String(from), String(to)]);
    let primes: number | undefined;
    child.once('message', (n) => (primes = n as number));
    child.once('close', () => (primes === undefined ? reject(new Error('failed')) : resolve({ primes, pid: child.pid! })));
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
