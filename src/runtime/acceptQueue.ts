import { closeSync, openSync, readSync } from 'node:fs';
import { isListener, receiveQueueOf, rowAtPort } from './tcpTables.ts';

const TABLES = ['/proc/net/tcp', '/proc/net/tcp6'] as const;
/** A row of /proc/net/tcp (tcp_ipv4.c, TMPSZ); those of tcp6 are longer and come in two reads. */
const ROW_BYTES = 150;

/**
 * Reads the accept queue of this machine's listener on a port, over and over. The kernel shows listeners first and then walks all slots of
 * its table of connections, used or not (tcp_ipv4.c, established_get_first): 5 ms for the 262,144 of a machine with 24 GB. So rows are
 * read one at a time, up to the one after the listener's; listeners that share its address and port (SO_REUSEPORT) stand together.
 */
export class AcceptQueueReader {
  readonly #port: number;
  #tables: readonly string[] = TABLES;

  constructor(port: number) {
    this.#port = port;
  }

  /** Connections that wait for accept(); null where nothing listens there, or the system does not show it. */
  read(): number | null {
    for (const table of this.#tables) {
      const length = this.#lengthIn(table);
      if (length === null) continue;
      this.#tables = [table];
      return length;
    }
    return null;
  }

  #lengthIn(table: string): number | null {
    let length: number | null = null;
    for (const row of rowsOf(table)) {
      if (!isListener(row)) break;
      if (rowAtPort(row, this.#port)) length = (length ?? 0) + receiveQueueOf(row);
      else if (length !== null) break;
    }
    return length;
  }
}

/** The rows of a table, its heading left out, each read when it is asked for; none where there is no such table. */
function* rowsOf(path: string): Generator<string> {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return;
  }
  try {
    const bytes = Buffer.alloc(ROW_BYTES);
    let text = '';
    let heading = true;
    const read = (): number => readSync(descriptor, bytes, 0, ROW_BYTES, null);
    for (let length = read(); length > 0; length = read()) {
      text += bytes.toString('latin1', 0, length);
      const rows = text.split('\n');
      text = rows.pop() ?? '';
      for (const row of rows) {
        if (!heading) yield row;
        heading = false;
      }
    }
  } finally {
    closeSync(descriptor);
  }
}
