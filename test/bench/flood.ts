import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

/** Clients of each run: some 10⁴, 10⁵, 4·10⁵ and 8·10⁵ segments, in 0.25, 2.5, 10 and 20 s. */
const CLIENTS = [2_500, 25_000, 100_000, 200_000];
/** The run that has limits, in clients, processor seconds and bytes. */
const LIMIT = { clients: 100_000, seconds: 3, bytes: 500e6 };

interface Flood {
  readonly clients: number;
  readonly segments: number;
  readonly seconds: number;
  readonly bytes: number;
}

/**
 * A flood of clients against one listener (backlog 511, 10 000 clients a second): segments, processor seconds and peak memory of each,
 * the best of `rounds`, and all of them on one plot in `directory`. Each run has a process of its own. False where the limits
 * are missed, or where a segment of the largest costs twice what one of the smallest-but-one does.
 */
export function benchFlood(directory: string, rounds: number): boolean {
  mkdirSync(directory, { recursive: true });
  const program = join(directory, 'floodOnce.cjs');
  buildSync({ entryPoints: [fileURLToPath(new URL('./floodOnce.ts', import.meta.url))], outfile: program, bundle: true, platform: 'node', target: 'node20', logLevel: 'error' });
  const floods = CLIENTS.map((clients) => {
    const runs = Array.from({ length: rounds }, () => run(program, clients));
    return runs.reduce((best, one) => (one.seconds < best.seconds ? one : best));
  });
  console.log('clients   segments   seconds   µs a segment   MB');
  for (const { clients, segments, seconds, bytes } of floods) {
    console.log([String(clients).padStart(7), String(segments).padStart(10), seconds.toFixed(2).padStart(9), ((seconds / segments) * 1e6).toFixed(2).padStart(14), (bytes / 1e6).toFixed(0).padStart(6)].join(' '));
  }
  const file = join(directory, 'flood.svg');
  writeFileSync(file, plot(floods));
  console.log(`plot: ${file}`);
  const judged = floods.find(({ clients }) => clients === LIMIT.clients) as Flood;
  const perSegment = floods.map(({ seconds, segments }) => seconds / segments);
  return judged.seconds < LIMIT.seconds && judged.bytes < LIMIT.bytes && (perSegment.at(-1) as number) < 2 * (perSegment[1] as number);
}

function run(program: string, clients: number): Flood {
  const child = spawnSync(process.execPath, [program, String(clients)], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as Flood;
}

/** Processor seconds over segments, both logarithmic: a cost that grows linearly is a line at 45°. */
function plot(floods: readonly Flood[]): string {
  const x = (segments: number): number => 60 + (Math.log10(segments) - 3.5) * 130;
  const y = (seconds: number): number => 250 - (Math.log10(seconds) + 2) * 65;
  const points = floods.map(({ segments, seconds }) => `${x(segments).toFixed(1)},${y(seconds).toFixed(1)}`);
  const ticksX = [4, 5, 6].map((power) => `<text x="${x(10 ** power)}" y="270" text-anchor="middle">10^${power}</text>`);
  const ticksY = [-2, -1, 0, 1].map((power) => `<text x="52" y="${y(10 ** power) + 4}" text-anchor="end">${10 ** power} s</text>`);
  const marks = points.map((point) => `<circle cx="${point.split(',')[0]}" cy="${point.split(',')[1]}" r="4"/>`);
  return [
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 420 300" font-family="sans-serif" font-size="12">',
    '<rect width="420" height="300" fill="white"/>',
    `<polyline points="${points.join(' ')}" fill="none" stroke="#1a6fb5" stroke-width="2"/>`,
    `<g fill="#1a6fb5">${marks.join('')}</g>`,
    ...ticksX,
    ...ticksY,
    '<text x="230" y="292" text-anchor="middle">segments simulated</text>',
    '<text x="60" y="20">processor seconds</text>',
    '</svg>\n',
  ].join('\n');
}
