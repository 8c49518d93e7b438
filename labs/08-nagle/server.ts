import { createServer, type Socket } from 'node:net';
import { server } from 'backend-labs/kit';

/** What the server answers: after each `per` bytes received, `bytes` bytes. */
interface Reply {
  readonly per: number;
  readonly bytes: number;
}

/** Something that its program did on a connection; nanoseconds on the monotonic clock. */
interface Moment {
  readonly clientPort: number;
  readonly atNs: number;
  readonly event: 'accepted' | 'received' | 'sent';
  readonly bytes: number;
}

const USUAL: Reply = { per: 1000, bytes: 100 };

/** Answers each 1000 bytes with 100, whatever pieces they come in. The experiment may agree on other sizes for a connection. */
export default server((lab) => {
  const replies = new Map<number, Reply>();
  const moments: Moment[] = [];
  const serve = (socket: Socket): void => {
    const clientPort = socket.remotePort ?? 0;
    const note = (event: Moment['event'], bytes: number): void => void moments.push({ clientPort, atNs: nowNs(), event, bytes });
    note('accepted', 0);
    let unanswered = 0;
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      note('received', chunk.length);
      const { per, bytes } = replies.get(clientPort) ?? USUAL;
      for (unanswered += chunk.length; unanswered >= per; unanswered -= per) {
        socket.write(Buffer.alloc(bytes));
        note('sent', bytes);
      }
    });
  };
  lab.handle('reply', (params) => {
    const { clientPort, ...reply } = params as Reply & { readonly clientPort: number };
    replies.set(clientPort, reply);
  });
  lab.handle('moments', () => moments);
  createServer(serve).listen({ host: '127.0.0.1', port: lab.port });
});

function nowNs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}
