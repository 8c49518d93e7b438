import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export const CUSTOMERS = 1_000_000;
export const HOLD_DELAYS = 65_536;

/** Writes the numbers that all engines share, where they are not there yet. */
export function writeInputs(directory: string): void {
  mkdirSync(directory, { recursive: true });
  const files = [join(directory, 'input.bin'), join(directory, 'hold.bin')] as const;
  if (files.every((file) => existsSync(file))) return;
  const next = exponentials();
  const arrivals = new Float64Array(CUSTOMERS);
  const services = new Float64Array(CUSTOMERS);
  for (let i = 0; i < CUSTOMERS; i++) {
    arrivals[i] = next();
    services[i] = next();
  }
  writeFileSync(files[0], Buffer.concat([Buffer.from(arrivals.buffer), Buffer.from(services.buffer)]));
  writeFileSync(files[1], Float64Array.from({ length: HOLD_DELAYS }, next));
}

/** Reads `count` doubles from the start of a file. */
export function readDoubles(file: string, count: number): Float64Array {
  const bytes = readFileSync(file);
  return new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + 8 * count));
}

/** The mean wait of the first `customers` at `servers` servers, by the recursion of Lindley, Kiefer and Wolfowitz. */
export function exactMeanWait(directory: string, lambda: number, servers: number, customers: number): number {
  const input = readDoubles(join(directory, 'input.bin'), 2 * CUSTOMERS);
  const freeAt = new Float64Array(servers);
  let arrival = 0;
  let waited = 0;
  for (let i = 0; i < customers; i++) {
    arrival += (input[i] as number) / lambda;
    const first = freeAt.indexOf(Math.min(...freeAt));
    const start = Math.max(arrival, freeAt[first] as number);
    waited += start - arrival;
    freeAt[first] = start + (input[CUSTOMERS + i] as number);
  }
  return waited / customers;
}

/** Exp(1) by inversion from xoshiro256** (Blackman and Vigna 2018) with a fixed seed. */
function exponentials(): () => number {
  const word = (value: bigint): bigint => BigInt.asUintN(64, value);
  const rotate = (value: bigint, by: bigint): bigint => word((value << by) | (value >> (64n - by)));
  let [a, b, c, d] = [0x9e3779b97f4a7c15n, 0xbf58476d1ce4e5b9n, 0x94d049bb133111ebn, 0x2545f4914f6cdd1dn];
  return () => {
    const result = word(rotate(word(b * 5n), 7n) * 9n);
    const shifted = word(b << 17n);
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotate(d, 45n);
    return -Math.log((Number(result >> 11n) + 0.5) / 2 ** 53);
  };
}
