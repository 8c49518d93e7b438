import { connect, type Socket } from 'node:net';
import { experiment, type ExperimentContext, type SocketQueueSampling } from 'backend-labs/kit';
import type { Filled } from './server.ts';

/** The scenario's two actions: the server fills, the client reads in pieces. */
interface Scenario {
  readonly actions: readonly [{ readonly at_ms: number }, { readonly at_ms: number; readonly bytes: number; readonly repeat: number; readonly every_ms: number }];
  readonly until_ms: number;
}

const CLIENT = 'client:c1';
const SERVER = 'server:c1';
/** Between two looks at the kernel's tables: a jiffy of most kernels. */
const SAMPLE_MS = 4;

/**
 * A server in a process of its own writes until its kernel takes no more. The client, in this process, does not read until
 * the scenario says so, and then exactly as much at a time. What both kernels hold is seen from outside, in their tables.
 */
export default experiment(async (lab) => {
  const { actions, until_ms } = lab.scenario as unknown as Scenario;
  const [fill, read] = actions;
  lab.progress('Starting the server', 0);
  const server = await lab.startServer({ ...lab.values, onDemand: 1 });
  const names = new Map<number, string>();
  const capture = await lab.captureSegments(server.port, (port) => names.get(port));
  const reader = new PiecewiseReader(server.port, read.bytes);
  try {
    lab.start();
    names.set(await reader.connected, 'c1');
    lab.trace.add('connected', CLIENT);
    const sampling = lab.sampleSocketQueues(server.port, SAMPLE_MS, (port) => names.get(port));
    await lab.until(fill.at_ms);
    lab.progress('The server writes until its kernel takes no more; the client does not read', 0.1);
    const filled = (await server.call('fill')) as Filled;
    // The writing is what all else counts from, however late the server's process came to it.
    lab.start(filled.atNs - fill.at_ms * 1e6);
    await lab.until(read.at_ms);
    noteTaken(lab, filled, sampling);
    lab.progress(`The client reads ${read.bytes} bytes every ${read.every_ms} ms`, 0.5);
    for (let i = 0; i < read.repeat && read.at_ms + i * read.every_ms < until_ms; i++) {
      await lab.until(read.at_ms + i * read.every_ms);
      reader.readOnce((bytes) => {
        // What the read set off is over when it returns (the ACK goes out within the system call), so it is seen first.
        sampling.now(CLIENT);
        lab.trace.add('event', CLIENT, bytes, { event: 'received' });
      });
    }
    await lab.until(until_ms);
    sampling.stop();
    await capture?.stop();
  } finally {
    reader.close();
    await server.stop();
  }
});

/** Records what both kernels hold, before anybody reads, as what they took. */
function noteTaken(lab: ExperimentContext, { writes, bytes, lastReturned, atNs }: Filled, sampling: SocketQueueSampling): void {
  const [sent, received] = [sampling.now(SERVER), sampling.now(CLIENT)];
  if (!sent || !received) return;
  // What has come in is acknowledged by now, so each byte is in exactly one of the two.
  const taken = sent.sendQueue + received.receiveQueue;
  lab.trace.add('event', SERVER, taken, { event: 'filled' }, atNs);
  lab.note(`The server called write() ${writes} times; the last call returned ${String(lastReturned)}. The kernels took ${taken} of its ${bytes} bytes, and ${bytes - taken} wait in the server’s own memory, in Node.`);
}

/** A client that reads only when told, and then one piece: with a buffer of its own, Node asks the kernel for no more than that. */
class PiecewiseReader {
  readonly connected: Promise<number>;
  readonly #socket: Socket;
  #onRead: (bytes: number) => void = () => undefined;

  constructor(port: number, pieceBytes: number) {
    const onread = {
      buffer: new Uint8Array(pieceBytes),
      callback: (bytes: number): boolean => {
        this.#onRead(bytes);
        // Stops reading until the next resume().
        return false;
      },
    };
    this.#socket = connect({ port, host: '127.0.0.1', onread });
    this.#socket.pause();
    this.connected = new Promise((resolve, reject) => {
      this.#socket.once('connect', () => resolve(this.#socket.localPort ?? 0));
      this.#socket.once('error', reject);
    });
  }

  readOnce(onRead: (bytes: number) => void): void {
    this.#onRead = onRead;
    this.#socket.resume();
  }

  close(): void {
    this.#socket.destroy();
  }
}
