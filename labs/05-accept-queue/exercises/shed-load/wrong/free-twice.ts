import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

// A ticket server. Each sale holds one of the database's few connections for 300 ms, and the database has LIMIT of them.
// When more clients come than that, a quick "no" is worth more to them than a late "yes".
//
//   at most LIMIT sales at a time: 200 and "sold"
//   beyond that, at once:          503 with a Retry-After header, a whole reply and no reset
//   a place is free again when its sale is over, or its client has gone
const LIMIT = 8;

/** Holds a database connection for 300 ms. Stops early when `signal` says that nobody waits for the answer any more. */
async function sell(signal: AbortSignal): Promise<string> {
  await sleep(300, undefined, { signal });
  return 'sold';
}

let active = 0;
const server = createServer(async (request, response) => {
  if (active >= LIMIT) {
    response.writeHead(503, { 'Retry-After': '1' }).end('busy');
    return;
  }
  active++;
  const gone = new AbortController();
  response.on('close', () => { gone.abort(); active--; });
  try {
    const answer = await sell(gone.signal);
    response.end(answer);
  } catch {
    response.destroy();
  }
  finally { active--; }
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
