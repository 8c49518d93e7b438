import { createServer } from 'node:http';

// A table of eight million numbers, 32 MiB, and four threads that each add up a quarter of it.
//
//   GET /sum             answers the sum of all numbers
//   PUT /set?at=3&to=7   puts 7 in place 3; every later sum is of the table as it then is
//   there is one table in memory, whatever threads there are
//   the threads do the adding; the server's own loop stays free
const COUNT = 8 * 1024 * 1024;

serve();

function serve(): void {
  const numbers = new Int32Array(COUNT);
  for (let i = 0; i < COUNT; i++) numbers[i] = i % 5000;

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    if (request.method === 'PUT' && pathname === '/set') {
      numbers[Number(searchParams.get('at'))] = Number(searchParams.get('to'));
      response.end('set');
    } else {
      // Here the table is, and nothing has to be shared.
      response.end(String(numbers.reduce((total, number) => total + number, 0)));
    }
  });
  server.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
}
