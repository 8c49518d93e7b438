import { createServer } from 'node:http';
import { server } from 'backend-labs/kit';

/** Longest that /busy may keep the loop, in milliseconds. */
const LONGEST_BUSY_MS = 60_000;

/** A server with the backlog that the slider says. `/busy?ms=N` keeps its event loop from accepting for N ms. */
export default server((lab) => {
  const http = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname !== '/busy') return void response.end(`pid ${process.pid}, backlog ${lab.values.backlog}\n`);
    const ms = Math.min(LONGEST_BUSY_MS, Math.max(0, Number(url.searchParams.get('ms')) || 0));
    response.end(`busy for ${ms} ms from now on\n`, () => setImmediate(() => keepBusy(ms)));
  });
  lab.recordAccepts(http);
  http.listen({ host: '127.0.0.1', port: lab.port, backlog: lab.values.backlog });
});

function keepBusy(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
