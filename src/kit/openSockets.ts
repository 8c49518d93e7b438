import { Socket } from 'node:net';

/** The streams of a program, all together. */
export interface OpenSockets {
  /** What its open connections have read from the kernel, paused or not. */
  readonly readBytes: number;
  /** What was written to them and waits in the program, since the kernel takes no more. */
  readonly unsentBytes: number;
}

/** Of this process's main thread, at this moment. */
export function openSockets(): OpenSockets {
  // Deprecated in Node's documentation for its name, and without another one that gives the sockets themselves.
  const handles = (process as unknown as { _getActiveHandles: () => readonly object[] })._getActiveHandles();
  const sockets = handles.filter((handle): handle is Socket => handle instanceof Socket && handle.remotePort !== undefined);
  const sum = (of: (socket: Socket) => number): number => sockets.reduce((total, socket) => total + of(socket), 0);
  return { readBytes: sum(({ bytesRead }) => bytesRead), unsentBytes: sum(({ writableLength }) => writableLength) };
}
