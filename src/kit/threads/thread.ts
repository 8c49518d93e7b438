import { parentPort } from 'node:worker_threads';
import type { ThreadContext, ThreadProgram } from './definition.ts';
import { freeContext } from './free.ts';
import { loadProgram } from './loadProgram.ts';
import type { FromThread, ThreadData } from './messages.ts';
import { SteppedMemory } from './stepped.ts';
import { Turn } from './turn.ts';

type Program = ThreadProgram<unknown>;

/** A thread of a crew: loads the learner's module and the program, and does its part of each interleaving, or once freely. */
export async function runThread(data: ThreadData): Promise<void> {
  Error.stackTraceLimit = 30;
  const control = new Int32Array(data.control);
  const turn = new Turn(control, data.me);
  const stepped = data.freeRounds === null ? new SteppedMemory(turn, control, tell) : null;
  const memory = Object.fromEntries(Object.entries(data.memory).map(([name, buffer]) => [name, stepped?.add(name, buffer) ?? new Int32Array(buffer)]));
  const shared = stepped?.context() ?? freeContext(control, data.me, (message) => tell({ type: 'failed', message, hint: null, stack: '' }));
  // The program's own module first: what it is made of is not the learner's world.
  const program = (await loadProgram(data.programs, data.program)) as unknown as Program;
  stepped?.install();
  const learner = await loadLearner(data, program);
  if (learner === null) return;

  const [name, body] = Object.entries(program.threads)[data.me] as [string, (t: ThreadContext<unknown>) => void];
  const fail = (message: string, hint: string): never => {
    tell({ type: 'failed', message, hint, stack: new Error(message).stack ?? '' });
    return turn.end('failed');
  };
  const t: ThreadContext<unknown> = { name, number: data.me + 1, learner, memory, ...shared, fail };
  tell({ type: 'ready' });
  if (data.freeRounds === null) for (;;) interleave(turn, body, t);
  turn.park();
  try {
    for (let round = 0; round < data.freeRounds; round++) body(t);
    tell({ type: 'done' });
  } catch (error) {
    tell({ type: 'failed', ...told(error), hint: null });
  }
}

function interleave(turn: Turn, body: (t: ThreadContext<unknown>) => void, t: ThreadContext<unknown>): void {
  turn.park();
  try {
    body(t);
  } catch (error) {
    tell({ type: 'failed', ...told(error), hint: null });
    turn.end('threw');
  }
  turn.finish();
}

/** Null, after saying why, where it cannot be used. */
async function loadLearner({ learner }: ThreadData, { calls }: Program): Promise<unknown> {
  if (learner === null) return {};
  try {
    const module = (await import(learner)) as Record<string, unknown>;
    const missing = (calls as readonly string[]).find((name) => typeof module[name] !== 'function');
    if (missing === undefined) return module;
    tell({ type: 'unusable', message: `Your file exports no function ${missing}. The exercise calls it: keep its name, and the word export before it.`, stack: '' });
  } catch (error) {
    const { message, stack } = told(error);
    tell({ type: 'unusable', message: `Your file broke down while it was loaded: ${message}`, stack });
  }
  return null;
}

function told(error: unknown): { message: string; stack: string } {
  return error instanceof Error ? { message: `${error.name}: ${error.message}`, stack: error.stack ?? '' } : { message: `it threw ${String(error)}, which is not an Error`, stack: '' };
}

function tell(message: FromThread): void {
  parentPort?.postMessage(message);
}
