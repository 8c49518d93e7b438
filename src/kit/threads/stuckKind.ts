import type { BrokenInterleaving, StepRecord } from './messages.ts';

/** How threads came to be stuck: what became of the wake-up of the one that sleeps. */
export function stuckKind(steps: readonly StepRecord[]): Extract<BrokenInterleaving['kind'], 'deadlock' | 'never-woken' | 'lost-wake-up' | 'stranded'> {
  const kinds = sleepers(steps).map((asleep) => sleeperKind(asleep, steps));
  if (kinds.length === 0) return 'deadlock';
  return (['never-woken', 'lost-wake-up'] as const).find((kind) => kinds.includes(kind)) ?? 'stranded';
}

/** The last step of each thread whose last step is to fall asleep. */
function sleepers(steps: readonly StepRecord[]): StepRecord[] {
  const last = new Map(steps.map((step) => [step.thread, step]));
  return [...last.values()].filter(({ sleeps }) => sleeps !== undefined);
}

function sleeperKind({ thread, order, sleeps: cell }: StepRecord, steps: readonly StepRecord[]): 'never-woken' | 'lost-wake-up' | 'stranded' {
  const calls = steps.filter((step) => step.woke !== undefined && step.cell === cell);
  if (calls.length === 0) return 'never-woken';
  const looked = steps.findLast((step) => step.thread === thread && step.order < order && step.cell === cell)?.order ?? -1;
  const lost = calls.some((call) => call.order > looked && call.order < order && call.woke?.length === 0);
  return lost ? 'lost-wake-up' : 'stranded';
}
