import type { TcpState, TcpTimer } from '../../shared/tcpTrace.ts';

/** Is told what happens to sockets; absent where nobody looks. */
export interface SocketObserver<S> {
  state(socket: S, state: TcpState): void;
  queues(socket: S): void;
  cwnd(socket: S): void;
  timerSet(socket: S, timer: TcpTimer, delayNs: number): void;
  timerFired(socket: S, timer: TcpTimer): void;
  timerCancelled(socket: S, timer: TcpTimer): void;
  held(socket: S, bytes: number, by: 'nagle' | 'cork'): void;
}
