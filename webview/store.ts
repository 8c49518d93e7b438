import type { PanelMethod, PanelRequests, PanelSnapshot, QuizAnswer } from '../src/shared/protocol.ts';
import { latestWins } from './latest.ts';
import type { Host } from './host.ts';
import type { Playback } from './player/playback.ts';

/** What belongs to the reader's view alone and survives a reload of the window: never sent to the host. */
export interface LocalState {
  readonly version: 1;
  readonly lab: string;
  /** One player for the simulation, one for the run, one for the evidence of each exercise. */
  readonly playback: Readonly<Partial<Record<PlayerName, Playback>>>;
  readonly table: Readonly<Partial<Record<PlayerName, boolean>>>;
  /** Typed and not yet sent: prediction id → text. */
  readonly predictions: Readonly<Record<string, string>>;
  /** Chosen and not yet sent: question id → answer. */
  readonly choices: Readonly<Record<string, QuizAnswer>>;
}
export type PlayerName = 'simulation' | 'run' | `evidence ${string}`;

export interface PanelState {
  readonly snapshot: PanelSnapshot | null;
  readonly local: LocalState;
  /** Slider values that were moved and that no snapshot has caught up with. */
  readonly moved: Readonly<Record<string, number>>;
  /** The host's sentence for the last request that it could not do. */
  readonly failure: string | null;
}

export interface Store {
  get(): PanelState;
  subscribe(listener: () => void): () => void;
  /** Asks the host; a failure becomes `state.failure`. True when it was done. */
  request<M extends PanelMethod>(method: M, params: PanelRequests[M]): Promise<boolean>;
  updateLocal(change: Partial<LocalState>): void;
  updatePlayback(name: PlayerName, playback: Playback): void;
  moveSliders(values: Readonly<Record<string, number>>): void;
  dismissFailure(): void;
}

function freshLocal(lab: string): LocalState {
  return { version: 1, lab, playback: {}, table: {}, predictions: {}, choices: {} };
}

/** `schedule` runs a function at the next frame. */
export function createStore(host: Host, schedule: (run: () => void) => void): Store {
  const listeners = new Set<() => void>();
  const saved = host.savedState() as LocalState | undefined;
  let state: PanelState = { snapshot: null, local: saved?.version === 1 ? saved : freshLocal(''), moved: {}, failure: null };

  const set = (change: Partial<PanelState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  let saving = false;
  const setLocal = (local: LocalState): void => {
    set({ local });
    if (saving) return;
    saving = true;
    schedule(() => {
      saving = false;
      host.saveState(state.local);
    });
  };
  const request: Store['request'] = async (method, params) => {
    try {
      await host.request(method, params);
      if (state.failure !== null) set({ failure: null });
      return true;
    } catch (error) {
      set({ failure: error instanceof Error ? error.message : String(error) });
      return false;
    }
  };
  const sendValues = latestWins<Readonly<Record<string, number>>>(
    async (values) => {
      await request('setValues', { values });
    },
    schedule,
    () => set({ moved: {} }),
  );

  host.start((snapshot) => {
    set({ snapshot });
    // Saved at once: by it the host knows, after a reload of the window, whose panel this is.
    if (state.local.lab !== snapshot.lab.id) setLocal(freshLocal(snapshot.lab.id));
  });

  return {
    get: () => state,
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    request,
    updateLocal: (change) => setLocal({ ...state.local, ...change }),
    updatePlayback: (name, playback) => setLocal({ ...state.local, playback: { ...state.local.playback, [name]: playback } }),
    moveSliders(values) {
      const moved = { ...state.moved, ...values };
      set({ moved });
      sendValues({ ...state.snapshot?.values, ...moved });
    },
    dismissFailure: () => set({ failure: null }),
  };
}
