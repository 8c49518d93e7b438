import type { AddressInfo, Server } from 'node:net';

/** The patterns that Node can be. The seventh, one thread and a fork for its backup, takes a fork(2) that copies: see the README. */
export type Pattern = 'single' | 'primary' | 'shared-listener' | 'reuseport' | 'per-connection' | 'thread-pool';

/** What a server is to be. */
export interface Plan {
  readonly role: 'server';
  readonly pattern: Pattern;
  readonly workers: number;
  /** 0 for any. */
  readonly port: number;
}

/** A server that listens. */
export interface Running {
  readonly port: number;
  /** Its processes as they are now, the first one first. */
  readonly pids: () => readonly number[];
}

/** Where a server listens. */
export function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** The program that this process runs, to be started once more. */
export const thisProgram = process.argv[1] as string;
