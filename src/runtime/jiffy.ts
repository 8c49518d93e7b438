import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';

/** What kernels are built with (kernel/Kconfig.hz). */
const RATES = [100, 250, 300, 1000];
/** The default of kernel/Kconfig.hz, taken where nothing tells. */
const USUAL_MS = 4;

let known: Promise<number> | undefined;

/** The length of this kernel's jiffy in milliseconds, 1000 / HZ. It cannot change while the machine is up. */
export function readJiffyMs(): Promise<number> {
  return (known ??= process.platform === 'linux' ? readLinuxJiffyMs() : Promise.resolve(USUAL_MS));
}

async function readLinuxJiffyMs(): Promise<number> {
  return (await fromConfig()) ?? (await fromFileTimes().catch(() => null)) ?? USUAL_MS;
}

/** From the kernel's build configuration, where it is there and readable. */
async function fromConfig(): Promise<number | null> {
  const inProc = await readFile('/proc/config.gz').then((bytes) => promisify(gunzip)(bytes), () => null);
  const text = inProc ?? (await readFile(`/boot/config-${release()}`).catch(() => null));
  const match = text && /^CONFIG_HZ=(\d+)$/m.exec(text.toString('latin1'));
  return match ? 1000 / Number(match[1]) : null;
}

/**
 * Measured: the kernel stamps new files with its coarse clock, which moves once a jiffy. The smallest step between the times
 * of files made one after another is one jiffy; a file is looked at only after all are made (since Linux 6.13 a look makes
 * the next stamp finer).
 */
export async function fromFileTimes(files = 300): Promise<number | null> {
  const folder = await mkdtemp(join(tmpdir(), 'backend-labs-jiffy-'));
  try {
    const paths = Array.from({ length: files }, (_, i) => join(folder, String(i)));
    for (const path of paths) await (await open(path, 'w')).close();
    const times = await Promise.all(paths.map((path) => stat(path, { bigint: true }).then(({ mtimeNs }) => mtimeNs)));
    const steps = times.slice(1).map((time, i) => Number(time - (times[i] as bigint)) / 1e6);
    return nearestJiffyMs(steps.filter((step) => step > 0));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The possible jiffy that the smallest step lies within a tenth of; null where it is none. */
function nearestJiffyMs(stepsMs: readonly number[]): number | null {
  const smallest = Math.min(...stepsMs);
  return RATES.map((rate) => 1000 / rate).find((jiffyMs) => Math.abs(smallest - jiffyMs) < jiffyMs / 10) ?? null;
}
