import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Forker } from './forker.ts';

/** Fills its memory, says so, and then does as it is told: `fork`, or `write` and the pages. Its child waits to be ended. */
const PROGRAM = `
import mmap, os, signal, sys
page = mmap.PAGESIZE
count = int(sys.argv[1])
memory = mmap.mmap(-1, count * page, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
if hasattr(mmap, 'MADV_NOHUGEPAGE'): memory.madvise(mmap.MADV_NOHUGEPAGE)
for i in range(count): memory[i * page] = 1
print('ready', flush=True)
for line in sys.stdin:
    words = line.split()
    if words[0] == 'fork':
        child = os.fork()
        if child == 0:
            while True: signal.pause()
        print(child, flush=True)
    else:
        for i in map(int, words[1:]): memory[i * page] = 2
        print('written', flush=True)
`;

/** A python3 with so many pages of memory, whose os.fork() is fork(2). Null where there is no python3 on the PATH. */
export async function startPython(pages: number): Promise<Forker | null> {
  const python = spawn('python3', ['-c', PROGRAM, String(pages)], { stdio: ['pipe', 'pipe', 'ignore'] });
  python.stdin.on('error', () => undefined);
  const lines = createInterface(python.stdout)[Symbol.asyncIterator]();
  const failed = new Promise<null>((resolve) => python.once('error', () => resolve(null)));
  const said = async (): Promise<string | null> => {
    const line = await Promise.race([lines.next(), failed]);
    return line === null || line.done === true ? null : line.value;
  };
  if ((await said()) !== 'ready') {
    python.kill('SIGKILL');
    return null;
  }
  let child = 0;
  const tell = async (command: string): Promise<string> => {
    python.stdin.write(`${command}\n`);
    const answer = await said();
    if (answer === null) throw new Error('python3 ended before it had answered.');
    return answer;
  };
  return {
    name: 'python3, os.fork() and then writes to its memory',
    pid: python.pid as number,
    fork: async () => (child = Number(await tell('fork'))),
    write: async (written) => void (await tell(`write ${written.join(' ')}`)),
    end: () => {
      if (child > 0) process.kill(child, 'SIGKILL');
      python.kill('SIGKILL');
    },
  };
}
