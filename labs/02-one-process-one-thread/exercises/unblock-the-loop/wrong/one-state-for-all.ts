import { createServer } from 'node:http';

// A shop's server. /price is asked all the time and costs next to nothing. /report?rounds=N computes a checksum, which takes some
// 300 ms for the N that come. While it computes, nobody gets a price.
//
//   /price          200 and "42.00", within 50 ms, whatever else goes on
//   /report?rounds=N  200 and the checksum of N rounds; several may be asked for at once, each with its own N
//   what is started for a report does not stay behind when the report is done
const PIECE = 100_000;

let x = 1;

/** The same in pieces of PIECE rounds, with a turn of the loop between them. */
async function checksum(rounds: number): Promise<number> {
  x = 1;
  for (let i = 0; i < rounds; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    if (i % PIECE === PIECE - 1) await new Promise((resolve) => setImmediate(resolve));
  }
  return x >>> 0;
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname !== '/report') return void response.end('42.00');
  const rounds = Number(url.searchParams.get('rounds'));
  void checksum(rounds).then((sum) => response.end(`checksum ${sum}`));
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
