import { createContext } from 'preact';
import { useContext, useLayoutEffect, useReducer } from 'preact/hooks';
import type { PanelState, Store } from './store.ts';

export const StoreContext = createContext<Store | null>(null);

/** The store of this panel. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (!store) throw new Error('There is no store around this component.');
  return store;
}

/** The panel's state; draws again when it changes. */
export function usePanelState(store: Store): PanelState {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const drawn = store.get();
  useLayoutEffect(() => {
    if (store.get() !== drawn) redraw(undefined);
    return store.subscribe(() => redraw(undefined));
  }, [store]);
  return drawn;
}
