import { randomBytes } from 'node:crypto';
import { get, request } from 'node:http';
import type { Socket } from 'node:net';

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
}

/** As little of a debugger as it takes: the inspector's protocol over a WebSocket (RFC 6455) of text frames below 64 KiB. */
export class InspectorClient {
  readonly events: Message[] = [];
  readonly #waiting = new Map<number, (message: Message) => void>();
  readonly #listeners = new Set<() => void>();
  #rest = Buffer.alloc(0);
  #lastId = 0;

  private constructor(private readonly socket: Socket) {
    socket.on('error', () => undefined);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  static async attach(port: number): Promise<InspectorClient> {
    const [{ webSocketDebuggerUrl }] = JSON.parse(await read(`http://127.0.0.1:${port}/json/list`)) as [{ webSocketDebuggerUrl: string }];
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': randomBytes(16).toString('base64') };
    const socket = await new Promise<Socket>((resolve, reject) => {
      request(webSocketDebuggerUrl.replace('ws:', 'http:'), { headers }).once('upgrade', (_, upgraded) => resolve(upgraded)).once('error', reject).end();
    });
    return new InspectorClient(socket);
  }

  send(method: string, params: object = {}): Promise<Message> {
    const id = ++this.#lastId;
    const payload = Buffer.from(JSON.stringify({ id, method, params }));
    // A client masks what it sends; a mask of zeros changes nothing.
    const header = Buffer.alloc(8);
    header.writeUInt16BE(0x81fe, 0);
    header.writeUInt16BE(payload.length, 2);
    this.socket.write(Buffer.concat([header, payload]));
    return new Promise((resolve) => this.#waiting.set(id, resolve));
  }

  /** Waits for the next event of this name and takes it. */
  async event(method: string): Promise<Message> {
    for (;;) {
      const at = this.events.findIndex((event) => event.method === method);
      if (at >= 0) return this.events.splice(at, 1)[0]!;
      await new Promise<void>((resolve) => {
        const look = (): void => {
          this.#listeners.delete(look);
          resolve();
        };
        this.#listeners.add(look);
      });
    }
  }

  close(): void {
    this.socket.destroy();
  }

  #take(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (;;) {
      if (this.#rest.length < 2) return;
      const short = this.#rest[1]! & 0x7f;
      const header = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (this.#rest.length < header) return;
      const length = short < 126 ? short : short === 126 ? this.#rest.readUInt16BE(2) : Number(this.#rest.readBigUInt64BE(2));
      if (this.#rest.length < header + length) return;
      if ((this.#rest[0]! & 0x0f) === 1) this.#hear(JSON.parse(this.#rest.subarray(header, header + length).toString()) as Message);
      this.#rest = this.#rest.subarray(header + length);
    }
  }

  #hear(message: Message): void {
    if (message.id === undefined) this.events.push(message);
    else this.#waiting.get(message.id)?.(message);
    for (const listener of this.#listeners) listener();
  }
}

function read(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk)).on('end', () => resolve(text));
    }).once('error', reject);
  });
}
