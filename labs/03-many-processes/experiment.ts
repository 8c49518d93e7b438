import { experiment } from 'backend-labs/kit';
import { runSnapshot } from './snapshot.ts';
import { runWorkers } from './workers.ts';

/** First a process that really forks and writes; then a cluster that serves, and a worker of it that is killed. */
export default experiment(
  async (lab) => {
    await runSnapshot(lab);
    await runWorkers(lab);
  },
  { model: 'fork' },
);
