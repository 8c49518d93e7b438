import type { JSX } from 'preact';
import type { PanelSnapshot } from '../../src/shared/protocol.ts';
import type { Trace } from '../../src/shared/trace.ts';
import type { Limits } from '../diagram/limits.ts';
import type { PlayerName } from '../store.ts';
import { BuffersPlayer } from './buffersPlayer.tsx';
import { CoresPlayer } from './coresPlayer.tsx';
import { CopyOnWritePlayer } from './copyOnWritePlayer.tsx';
import { EventLoopPlayer } from './eventLoopPlayer.tsx';
import { InterleavingsPlayer } from './interleavingsPlayer.tsx';
import { LadderPlayer } from './ladderPlayer.tsx';
import { RetriesPlayer } from './retriesPlayer.tsx';
import { PatternsPlayer } from './patternsPlayer.tsx';
import { TracePlayer } from './tracePlayer.tsx';

interface Props {
  readonly name: PlayerName;
  readonly diagram: PanelSnapshot['lab']['diagram'];
  /** One simulated trace, or the predicted and the measured one. */
  readonly traces: readonly [Trace, Trace?];
  readonly limits: Limits;
  readonly sentence?: string;
}

/** Plays traces in the picture that the lab names. */
export function LabPicture({ diagram, ...props }: Props): JSX.Element | null {
  if (diagram === 'interleavings') return <InterleavingsPlayer {...props} />;
  if (diagram === 'ladder') return <LadderPlayer {...props} />;
  if (diagram === 'buffers') return <BuffersPlayer {...props} />;
  if (diagram === 'cores') return <CoresPlayer {...props} />;
  if (diagram === 'copy-on-write') return <CopyOnWritePlayer {...props} />;
  if (diagram === 'event-loop') return <EventLoopPlayer {...props} />;
  if (diagram === 'retries') return <RetriesPlayer {...props} />;
  if (diagram === 'patterns') return <PatternsPlayer {...props} />;
  return <TracePlayer {...props} diagram={diagram === 'accept-queue'} />;
}
