import { createServer, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const port = Number(process.env.PORT);

/** Stands for what costs processor time (an image, a password, a report): some 55 ms of it. */
function fingerprint(text: string): string {
  let x = [...text].reduce((sum, letter) => (Math.imul(sum, 31) + letter.charCodeAt(0)) | 0, 7);
  for (let i = 0; i < 50_000_000; i++) x = (Math.imul(x, 1_664_525) + 1_013_904_223) | 0;
  return (x >>> 0).toString(16);
}

/** Stands for what waits for others (a database): 20 ms in which no processor is needed. */
async function quick(response: ServerResponse): Promise<void> {
  await sleep(20);
  response.end('quick');
}

/** In a promise, so that it does not block. */
async function heavy(text: string, response: ServerResponse): Promise<void> {
  const result = await new Promise<string>((resolve) => setImmediate(() => resolve(fingerprint(text))));
  response.end(result);
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (pathname === '/quick') void quick(response);
  else if (pathname === '/heavy') void heavy(searchParams.get('text') ?? '', response);
  else response.writeHead(404).end();
});
server.listen({ host: '127.0.0.1', port });
