import type { ForkScenario } from '../../shared/scenario/fork.ts';
import { RandomStream } from '../engine/random.ts';
import { ZipfSampler } from './zipf.ts';

/** Gives the page of each write in turn. */
export function pagePattern({ pages, writes }: ForkScenario): () => number {
  const stream = new RandomStream(writes.seed ?? 1, 'writes');
  switch (writes.pattern) {
    case 'uniform':
      return () => stream.integer(0, pages - 1);
    case 'sequential': {
      let next = 0;
      return () => {
        const page = next;
        next = page + 1 === pages ? 0 : page + 1;
        return page;
      };
    }
    case 'zipf': {
      const zipf = new ZipfSampler(pages, writes.exponent ?? 0);
      return () => zipf.rank(stream) - 1;
    }
  }
}
