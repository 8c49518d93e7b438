import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { PanelSnapshot } from '../../src/shared/protocol.ts';
import type { ExerciseReport } from '../../src/shared/report.ts';
import { THREADS_MODEL } from '../../src/shared/threadsTrace.ts';
import { limitsOf, SOMAXCONN } from '../diagram/limits.ts';
import { InterleavingsPlayer } from '../player/interleavingsPlayer.tsx';
import { TracePlayer } from '../player/tracePlayer.tsx';

interface Props {
  readonly report: ExerciseReport;
  readonly diagram: PanelSnapshot['lab']['diagram'];
}

/** The run that failed, to be played: what the kernel and the clients of its check saw. Nothing where they recorded nothing. */
export function Evidence({ report: { exercise, evidence, checks }, diagram }: Props): JSX.Element | null {
  const [open, setOpen] = useState(false);
  if (!evidence || evidence.timeNs.length === 0) return null;
  const sentence = checks.find(({ failure }) => failure)?.failure?.message ?? '';
  const player = { name: `evidence ${exercise}`, traces: [evidence], sentence } as const;
  return (
    <details class="evidence" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Play the run that failed</summary>
      {open && (evidence.model === THREADS_MODEL ? <InterleavingsPlayer {...player} /> : <TracePlayer {...player} limits={limitsOf({}, SOMAXCONN)} diagram={diagram === 'accept-queue'} />)}
    </details>
  );
}
