import type { Source, Step, ThreadCode } from './program.ts';

/** Per place in a thread's code, its end included: for each register whether what it holds there may still be read. */
export function liveRegisters({ steps, registers }: ThreadCode): boolean[][] {
  const live = Array.from({ length: steps.length + 1 }, () => registers.map(() => false));
  let changed = true;
  while (changed) {
    changed = false;
    for (let at = steps.length - 1; at >= 0; at--) {
      const step = steps[at] as Step;
      const { reads, writes } = registersOf(step);
      const here = live[at] as boolean[];
      registers.forEach((_, register) => {
        const after = successors(step, at).some((place) => live[place]?.[register]);
        const isLive = reads.includes(register) || (after && writes !== register);
        if (isLive && !here[register]) here[register] = changed = true;
      });
    }
  }
  return live;
}

function successors(step: Step, at: number): number[] {
  if (step.op === 'jump') return [step.target];
  return 'target' in step ? [step.target, at + 1] : [at + 1];
}

function registersOf(step: Step): { reads: number[]; writes: number } {
  const read = (...sources: Source[]): number[] => sources.map((source) => source.register).filter((register) => register >= 0);
  switch (step.op) {
    case 'load':
    case 'set':
      return { reads: [], writes: step.register };
    case 'add':
      return { reads: [step.register, ...read(step.value)], writes: step.register };
    case 'store':
      return { reads: read(step.value), writes: -1 };
    case 'cas':
      return { reads: read(step.expected, step.value), writes: step.register };
    case 'jump-if-zero':
    case 'jump-if-positive':
      return { reads: [step.register], writes: -1 };
    default:
      return { reads: [], writes: -1 };
  }
}
