import type { PanelSnapshot } from '../../src/shared/protocol.ts';
import type { PanelState } from '../store.ts';

/** What each of the five steps is drawn from. */
export interface StepProps {
  readonly snapshot: PanelSnapshot;
  readonly state: PanelState;
}
