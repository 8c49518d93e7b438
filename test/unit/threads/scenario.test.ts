import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/shared/errors.ts';
import { parseThreadsScenario } from '../../../src/shared/scenario/threads.ts';

const program = (...A: string[]): unknown => ({ kind: 'threads', memory: { x: 0 }, threads: { A } });

describe('a threads scenario', () => {
  it('may carry notes and leave out memory', () => {
    const scenario = { kind: 'threads', id: 'i', title: 't', description: 'd', $schema: 's', threads: { A: ['lock m', 'unlock m'] } };
    expect(parseThreadsScenario(scenario)).toEqual(scenario);
  });

  it.each([
    'load r x',
    'store x -1',
    'store x r',
    'set r 4',
    'add r r',
    'fetch-add x -2',
    'cas x 0 r got',
    '  lock   m ',
    'unlock m',
    'label l',
  ])('knows %j', (line) => {
    expect(() => parseThreadsScenario(program(line))).not.toThrow();
  });

  it.each([
    ['kind', { kind: 'cpu', threads: { A: [] } }],
    ['threads', { kind: 'threads' }],
    ['threads', { kind: 'threads', threads: {} }],
    ['threads', { kind: 'threads', threads: Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`T${i}`, []])) }],
    ['memory.x', { kind: 'threads', memory: { x: 0.5 }, threads: { A: [] } }],
    ['thread', { kind: 'threads', thread: {}, threads: { A: [] } }],
    ['threads.A.0', { kind: 'threads', threads: { A: [5] } }],
    ['threads.A.1', program('set r 1', 'sleep 3')],
    ['threads.A.0', program('')],
    ['threads.A.0', program('toString x')],
    ['threads.A.0', program('load r')],
    ['threads.A.0', program('load r x y')],
    ['threads.A.0', program('load r y')],
    ['threads.A.0', program('load 5 x')],
    ['threads.A.0', program('store x 1.5')],
    ['threads.A.0', program('set r s')],
    ['threads.A.0', program('set r 99999999999999999999')],
    ['threads.A.0', program('fetch-add x r')],
    ['threads.A.0', program('lock 3')],
    ['threads.A.0', program('jump nowhere')],
    ['threads.A.1', program('label l', 'jump-if-zero r m')],
    ['threads.A.1', program('label l', 'label l')],
  ])('names %s where it is wrong', (field, scenario) => {
    expect(() => parseThreadsScenario(scenario)).toThrow(HumanError);
    expect(() => parseThreadsScenario(scenario)).toThrow(`"${field}"`);
  });
});
