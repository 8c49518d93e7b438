import { Session } from 'node:inspector';
import { tell } from './programPipe.ts';

/** How often the learner's own statements began, and where SIGKILL comes between two of them. */
export interface StatementCounter {
  /** Statements that have begun so far, and calls within them; one in a loop counts each time. */
  readonly begun: number;
  /** Ends the process by SIGKILL just before the `n`-th statement from now on, n ≥ 1. */
  killBefore(n: number): void;
}

/**
 * Counts the statements of the module that the engine calls `url`, which must not be loaded yet, on the main thread. The engine itself says where
 * statements begin: each gets a breakpoint whose condition counts and is never true, so that nothing ever pauses and the
 * source stays as it is. What runs costs some microseconds a statement.
 */
export function countStatements(url: string): StatementCounter {
  // What the program may replace is taken now.
  const { pid } = process;
  const kill = process.kill.bind(process);
  let begun = 0;
  let last = Number.POSITIVE_INFINITY;
  const hook = `backendLabs${pid}`;
  const begins = (line: number, column: number): false => {
    begun++;
    if (begun < last) return false;
    tell({ type: 'killed-before', line, column });
    kill(pid, 'SIGKILL');
    return false;
  };
  Object.defineProperty(globalThis, hook, { value: begins });
  const session = new Session();
  session.connect();
  session.on('Debugger.scriptParsed', ({ params: { scriptId, url: parsed } }) => {
    if (parsed !== url) return;
    session.post('Debugger.getPossibleBreakpoints', { start: { scriptId, lineNumber: 0, columnNumber: 0 } }, (error, found) => {
      if (error) throw error;
      for (const location of found.locations) {
        // A statement that is nothing but a call has no place besides that of its call.
        if (location.type === undefined || location.type === 'call') session.post('Debugger.setBreakpoint', { location, condition: `${hook}(${location.lineNumber}, ${location.columnNumber ?? 0})` });
      }
    });
  });
  session.post('Debugger.enable');
  // A `debugger` statement would wait for ever: nobody is there to go on.
  session.post('Debugger.setSkipAllPauses', { skip: true });
  return {
    get begun() {
      return begun;
    },
    killBefore: (n) => (last = begun + n),
  };
}
