import { createServer } from 'node:http';
import { server } from 'backend-labs/kit';
import type { Pattern } from './plan.ts';
import { Supervisor } from './supervisor.ts';

const PATTERNS: readonly Pattern[] = ['single', 'primary', 'shared-listener', 'reuseport', 'per-connection', 'thread-pool'];

/**
 * Starts servers of any pattern, one at a time. The experiment asks by message; a person asks by HTTP: `curl 127.0.0.1:PORT/primary` starts one and says
 * where it listens.
 */
export default server((lab) => {
  const workers = lab.values.workers ?? 4;
  const supervisor = new Supervisor();
  lab.handle('start', (params) => supervisor.start(params as { pattern: Pattern; workers: number }));
  lab.handle('pids', () => supervisor.pids());
  lab.handle('cpu-time', () => supervisor.cpuTime());
  lab.handle('crash', (params) => supervisor.crash((params as { worker: number }).worker));
  lab.handle('restarts', () => supervisor.restarts);
  lab.handle('stop', () => supervisor.stop());

  const doors = createServer((request, response) => {
    const pattern = PATTERNS.find((name) => `/${name}` === request.url);
    if (!pattern) {
      response.end(`Ask for one of these, and it is started: ${PATTERNS.map((name) => `/${name}`).join(' ')}\n`);
      return;
    }
    supervisor.start({ pattern, workers }).then(
      ({ port, pids }) => response.end(`${pattern} listens at http://127.0.0.1:${port}/?io=20 in the processes ${pids.join(', ')}.\n`),
      (error: Error) => response.writeHead(500).end(`${error.message}\n`),
    );
  });
  doors.listen({ host: '127.0.0.1', port: lab.port });
});
