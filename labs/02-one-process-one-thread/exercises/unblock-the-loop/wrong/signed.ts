import { createServer } from 'node:http';

// A shop's server. /price is asked all the time and costs next to nothing. /report?rounds=N computes a checksum, which takes some
// 300 ms for the N that come. While it computes, nobody gets a price.
//
//   /price          200 and "42.00", within 50 ms, whatever else goes on
//   /report?rounds=N  200 and the checksum of N rounds; several may be asked for at once, each with its own N
//   what is started for a report does not stay behind when the report is done

/** Each round needs the one before it, so there is no shorter way. */
function checksum(rounds: number): number {
  let x = 1;
  for (let i = 0; i < rounds; i++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x >>> 0;
}

const server = createServer((request, response) => {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname !== '/report') return void response.end('42.00');
  const rounds = Number(url.searchParams.get('rounds'));
  void (async () => {
    let x = 1;
    for (let i = 0; i < rounds; i++) {
      x ^= x << 13;
      x ^= x >>> 17;
      x ^= x << 5;
      if (i % 500_000 === 0) await new Promise((go) => setImmediate(go));
    }
    response.end(`checksum ${x}`);
  })();
});

server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
