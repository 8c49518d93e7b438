import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/shared/errors.ts';
import { parseCpuScenario } from '../../../src/shared/scenario/cpu.ts';

const good = { kind: 'cpu', policy: 'fifo', processes: [{ name: 'A', bursts: [{ cpu: 1 }] }] };
const process = (fields: object): unknown => ({ ...good, processes: [{ name: 'A', ...fields }] });

describe('a cpu scenario', () => {
  it('may leave out what has a natural default, and may carry notes', () => {
    expect(parseCpuScenario({ ...good, id: 'x', title: 't', description: 'd', $schema: 's' })).toMatchObject(good);
  });

  it.each([
    ['kind', { ...good, kind: 'threads' }],
    ['policy', { ...good, policy: 'lottery' }],
    ['cores', { ...good, cores: 0 }],
    ['cores', { ...good, cores: 1.5 }],
    ['processes', { ...good, processes: [] }],
    ['quantom', { ...good, quantom: 5 }],
    ['quantum', { ...good, policy: 'round-robin' }],
    ['quantum', { ...good, policy: 'round-robin', quantum: 0 }],
    ['quantum', { ...good, policy: 'fair', quantum: null }],
    ['quantum', { ...good, policy: 'round-robin', quantum: 0.001, processes: [{ name: 'A', bursts: [{ cpu: 1e6 }] }] }],
    ['quanta', { ...good, policy: 'mlfq' }],
    ['quanta', { ...good, policy: 'mlfq', quanta: [] }],
    ['allotments', { ...good, policy: 'mlfq', quanta: [1, 2], allotments: [1] }],
    ['boost', { ...good, policy: 'mlfq', quanta: [1, 2], boost: 0 }],
    ['boost', { ...good, policy: 'mlfq', quanta: [1e6], boost: 1e-3, processes: [{ name: 'A', bursts: [{ cpu: 1e6 }] }] }],
    ['context_switch.process', { ...good, context_switch: { process: -1, thread: 0 } }],
    ['context_switch', { ...good, policy: 'round-robin', quantum: 1, context_switch: { process: 1e6 }, processes: [{ name: 'A', bursts: [{ cpu: 2e5 }] }] }],
    ['processes.0.arrival', process({ arrival: -1, bursts: [{ cpu: 1 }] })],
    ['processes.0', process({})],
    ['processes.0', process({ bursts: [{ cpu: 1 }], threads: [{ name: 'a', bursts: [{ cpu: 1 }] }] })],
    ['processes.0.bursts', process({ bursts: [] })],
    ['processes.0.bursts.0', process({ bursts: [{ cpu: 1, io: 1 }] })],
    ['processes.0.bursts.0.cpu', process({ bursts: [{ cpu: -3 }] })],
    ['processes.0.bursts.0.cpu', process({ bursts: [{ cpu: '3' }] })],
    ['bursts', process({ bursts: [{ io: 3 }] })],
    ['processes.0', process({ threads: [{ name: 'a', bursts: [{ cpu: 1 }] }, { name: 'a', bursts: [{ cpu: 1 }] }] })],
  ])('names %s where it is wrong', (field, scenario) => {
    expect(() => parseCpuScenario(scenario)).toThrow(HumanError);
    expect(() => parseCpuScenario(scenario)).toThrow(`"${field}`);
  });

  it.each([null, 5, 'x', []])('is an object, not %j', (value) => {
    expect(() => parseCpuScenario(value)).toThrow(HumanError);
  });
});
