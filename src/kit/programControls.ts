import { monotonicNs } from '../runtime/monotonicNs.ts';
import type { ToProgram } from '../shared/rpc.ts';
import { openSockets } from './openSockets.ts';
import { tell } from './programPipe.ts';
import type { ProgramWorkers } from './programWorkers.ts';
import type { StatementCounter } from './statements.ts';

type Call = Extract<ToProgram, { type: 'call' }>;

/** What the runner may ask of any program, besides what a lab's server registers itself. */
export interface ProgramControls {
  readonly workers: ProgramWorkers;
  /** Null unless the program was started with its statements counted. */
  readonly statements: StatementCounter | null;
  /** A lab's server's own methods. */
  readonly call: (method: string, params: unknown) => Promise<unknown>;
}

/** Answers one call; rejections go back to who asked. */
export async function answerCall({ id, method, params }: Call, controls: ProgramControls): Promise<void> {
  try {
    if (method === 'block-loop') blockLoop(id, numberIn(params, 'milliseconds'));
    else tell({ type: 'answered', id, result: (await resultOf(method, params, controls)) ?? null, atNs: monotonicNs() });
  } catch (error) {
    tell({ type: 'refused', id, message: error instanceof Error ? error.message : String(error) });
  }
}

async function resultOf(method: string, params: unknown, { workers, statements, call }: ProgramControls): Promise<unknown> {
  switch (method) {
    case 'workers':
      return workers.alive;
    case 'worker-lives':
      return workers.lives;
    case 'crash-worker':
      return workers.crash(numberIn(params, 'place'));
    case 'open-sockets':
      return openSockets();
    case 'statements':
      return counted(statements).begun;
    case 'kill-before-statement':
      counted(statements).killBefore(numberIn(params, 'n'));
      return null;
    default:
      return call(method, params);
  }
}

function counted(statements: StatementCounter | null): StatementCounter {
  if (!statements) throw new Error('Its statements are not counted: start it with t.start({ countStatements: true }).');
  return statements;
}

/** Answers first: nothing is answered while the loop is busy. */
function blockLoop(id: number, milliseconds: number): void {
  const beginNs = monotonicNs();
  tell({ type: 'answered', id, result: null, atNs: beginNs });
  while (monotonicNs() - beginNs < milliseconds * 1e6);
}

function numberIn(params: unknown, name: string): number {
  return Number((params as Readonly<Record<string, unknown>> | null)?.[name]);
}
