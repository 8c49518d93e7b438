import type { Locator } from 'playwright-core';
import type { Workbench } from './workbench.ts';

/** One row of the contact sheet: a state of the window that the one before it leads to. */
export interface Scene {
  readonly name: string;
  /** Brings the window into the state, from that of the scene before. It is wide then, with the side bar open. */
  readonly reach: (bench: Workbench) => Promise<void>;
  /** What to take a picture of; the window, where it is left out. */
  readonly part?: (bench: Workbench) => Locator;
}

/** The scenes in their order. */
export const scenes: readonly Scene[] = [
  {
    name: 'labs',
    reach: async (bench) => {
      await (await bench.treeItem(/How a connection is accepted/)).waitFor();
    },
  },
];
