import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { CUSTOMERS } from './inputs.ts';
import type { Row } from './rows.ts';

const here = dirname(fileURLToPath(import.meta.url));
const peers = join(here, '..', 'peers');

/** A program that simulates a row and prints how fast. */
export interface Engine {
  readonly name: string;
  /** What to run, without a shell; undefined where the row would take this engine minutes. */
  command(row: Row): readonly string[] | undefined;
  /** How many of the customers it is given. */
  readonly customers: number;
}

/** Engines that can be run, and for those that cannot, what to install. */
export interface Engines {
  readonly own: Engine;
  readonly found: readonly Engine[];
  readonly missing: readonly string[];
}

/** Builds what there is into `directory`, and fetches what npm, pip or apt can put there. */
export function prepareEngines(directory: string): Engines {
  const ownFile = join(directory, 'own.cjs');
  buildSync({ entryPoints: [join(here, 'own.ts')], bundle: true, platform: 'node', format: 'cjs', outfile: ownFile, logLevel: 'error' });
  const own = engine('backend-labs', [process.execPath, ownFile], (size) => (size > 100_000 ? 2_000_000 : 5_000_000));
  const found: Engine[] = [];
  const missing: string[] = [];
  const offer = (name: string, hint: string, prepare: () => readonly Engine[] | undefined): void => {
    const engines = prepare();
    if (engines) found.push(...engines);
    else missing.push(`${name} is not installed and is left out: ${hint}`);
  };
  offer('ns-3', 'apt-get install g++ libns3-dev', () => ns3(directory));
  offer('SimPy', 'apt-get install python3-simpy3', () => simpy(directory));
  const packages = ['simjs@2.0.3', 'simscript@1.0.37'];
  const install = ['install', '--no-audit', '--no-fund', '--prefix', directory, ...packages];
  if (!installed(directory, 'simjs') || !installed(directory, 'simscript')) succeeds('npm', install);
  const hint = `npm ${install.join(' ')}`;
  offer('simjs', hint, () => npmPeer(directory, 'simjs', (size) => (size > 100_000 ? 200_000 : 1_000_000)));
  offer('simscript', hint, () =>
    npmPeer(directory, 'simscript', (size) => (size > 100_000 ? undefined : 30_000_000 / size / (size > 100 ? 1 : 2)), 50_000),
  );
  return { own, found, missing };
}

function engine(
  name: string,
  program: readonly string[],
  holds: (size: number) => number | undefined,
  customers = CUSTOMERS,
): Engine {
  const command = (row: Row): readonly string[] | undefined => {
    if (row.kind === 'queue') {
      const few = customers < CUSTOMERS ? [String(customers)] : [];
      return [...program, 'mmc', String(row.lambda), String(row.servers), ...few];
    }
    const count = holds(row.size);
    return count === undefined ? undefined : [...program, 'hold', String(row.size), String(count)];
  };
  return { name, command, customers };
}

function ns3(directory: string): readonly Engine[] | undefined {
  const binary = join(directory, 'bench_ns3');
  const compile = ['-O2', '-std=c++17', '-o', binary, join(peers, 'bench_ns3.cc'), '-lns3-core'];
  if (!succeeds('g++', compile)) return undefined;
  return ['Map', 'Heap', 'PriorityQueue', 'Calendar'].map((scheduler) =>
    engine(`ns-3 ${scheduler}`, [binary, scheduler], (size) => {
      if (size <= 100_000) return 5_000_000;
      return scheduler === 'Calendar' ? 20_000 : 2_000_000;
    }),
  );
}

/** The system's SimPy, or one that is put into `directory`, by pip or out of Debian's package: that takes no root, and leaves the system as it is. */
function simpy(directory: string): readonly Engine[] | undefined {
  const python = '/usr/bin/python3';
  const modules = join(directory, 'python');
  const withModules = ['/usr/bin/env', `PYTHONPATH=${modules}:${join(modules, 'usr/lib/python3/dist-packages')}`, python] as const;
  const there = (): boolean => succeeds(withModules[0], [...withModules.slice(1), '-c', 'import simpy']);
  if (!there()) succeeds(python, ['-m', 'pip', 'install', '--target', modules, 'simpy==3.0.11']);
  if (!there()) succeeds('sh', ['-c', 'mkdir -p "$1" && cd "$1" && apt-get download python3-simpy3 && dpkg -x python3-simpy3_*.deb .', 'sh', modules]);
  return there() ? [engine('SimPy', [...withModules, join(peers, 'bench_simpy.py')], () => 300_000)] : undefined;
}

function installed(directory: string, name: string): boolean {
  return existsSync(join(directory, 'node_modules', name));
}

function npmPeer(
  directory: string,
  name: string,
  holds: (size: number) => number | undefined,
  customers?: number,
): readonly Engine[] | undefined {
  if (!installed(directory, name)) return undefined;
  const program = join(directory, `bench_${name}.cjs`);
  copyFileSync(join(peers, `bench_${name}.cjs`), program);
  copyFileSync(join(peers, 'processorSeconds.cjs'), join(directory, 'processorSeconds.cjs'));
  return [engine(name, [process.execPath, program], holds, customers)];
}

function succeeds(file: string, args: readonly string[]): boolean {
  try {
    execFileSync(file, args, { stdio: 'ignore', timeout: 120_000 });
    return true;
  } catch {
    return false;
  }
}
