import { Buffer } from 'node:buffer';
import { writeSync } from 'node:fs';
import type { FromProgram } from '../shared/rpc.ts';

/** The descriptor of a program's pipe to the runner that started it. */
export const PROGRAM_PIPE = 3;

const TRIES = 1000;

// A program may put anything in the place of these; what is said of it is said with those of before.
const { stringify } = JSON;
const clock = new Int32Array(new SharedArrayBuffer(4));
const wait = Atomics.wait.bind(Atomics);

/**
 * Says something to the runner, at once and without the event loop: it must get through although the loop is about to be
 * busy or the process about to end. Gives up when the program closed the pipe.
 */
export function tell(message: FromProgram): void {
  let rest = Buffer.from(`${stringify(message)}\n`);
  for (let attempt = 0; attempt < TRIES && rest.length > 0; attempt++) {
    try {
      rest = rest.subarray(writeSync(PROGRAM_PIPE, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      wait(clock, 0, 0, 1);
    }
  }
}
