// Runs other programs.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { HumanError } from './console.mjs';

/** The path of a program on the PATH, or undefined. */
export function which(name) {
  const names = process.platform === 'win32' ? [`${name}.cmd`, `${name}.exe`] : [name];
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => names.map((each) => join(folder, each))).find((file) => existsSync(file));
}

/**
 * Runs a program to its end and gives `{ code, output }`, where output is all that it printed. `onData` sees it as it comes;
 * `timeoutMs` ends its process group and makes the code 124.
 */
export function capture(file, args, { cwd, env = process.env, onData, timeoutMs, uid, gid } = {}) {
  return new Promise((resolve, reject) => {
    const group = process.platform !== 'win32';
    const child = spawn(file, args, { cwd, env, uid, gid, detached: group, shell: !group, stdio: ['ignore', 'pipe', 'pipe'] });
    const chunks = [];
    let timedOut = false;
    const end = (signal) => {
      try {
        if (group) process.kill(-child.pid, signal);
        else child.kill(signal);
      } catch {
        // It is gone already.
      }
    };
    const timer = timeoutMs && setTimeout(() => {
      timedOut = true;
      end('SIGTERM');
      setTimeout(end, 5000, 'SIGKILL').unref();
    }, timeoutMs);
    const onExit = () => end('SIGTERM');
    process.once('exit', onExit);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        chunks.push(data);
        onData?.(data);
      });
    }
    child.on('error', (error) => reject(new HumanError(`${file} could not be started: ${error.message}.`)));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      process.off('exit', onExit);
      const output = Buffer.concat(chunks).toString('utf8');
      resolve({ code: timedOut ? 124 : (code ?? 128), output: timedOut ? `${output}\nended after ${timeoutMs / 1000} s` : output, signal });
    });
  });
}

/** Runs a program that must succeed; what it printed is shown only when it does not. */
export async function must(file, args, options) {
  const { code, output } = await capture(file, args, options);
  if (code !== 0) throw new HumanError(`${output.trimEnd()}\n\`${[file, ...args].join(' ')}\` failed with exit code ${code}; its output is above.`);
  return output;
}
