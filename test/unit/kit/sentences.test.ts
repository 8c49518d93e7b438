import { describe, expect, it } from 'vitest';
import { LearnerFile } from '../../../src/kit/learnerFile.ts';
import type { ProgramProcess } from '../../../src/kit/programProcess.ts';
import { endedBeforeListening } from '../../../src/kit/sentences.ts';

const file = new LearnerFile('createServer();\n', 'shop.ts', '/tmp/run/learner/shop.mjs');
const ended = (code: number, output = ''): ProgramProcess => ({ told: [{ type: 'loaded' }], end: { code, signal: null }, stopping: false, flooded: null, output: () => output }) as unknown as ProgramProcess;

describe('a program that ended before it listened', () => {
  it.each([
    [0, '', 'with exit code 0: nothing kept it running.'],
    [1, '', 'with exit code 1: something in it said that it failed, and printed nothing.'],
    [1, 'no settings found\n', 'with exit code 1: something in it said that it failed; what it printed tells more.'],
  ])('with code %i, having printed %j, gets a sentence of its own', (code, output, sentence) => {
    const { failure } = endedBeforeListening(ended(code, output), file);
    expect(failure).toMatchObject({ kind: 'did-not-listen', actual: `exit code ${code}` });
    expect(failure.message).toBe(`Your program came to its end without listening, ${sentence}`);
  });
});
