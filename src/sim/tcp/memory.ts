import type { ReceiveBuffer } from './buffers.ts';
import type { TcpSocket } from './socket.ts';

const PAGE = 4096;

/** Makes sure that `size` bytes may be charged: memory is reserved a page at a time (__sk_mem_schedule). */
export function schedule(socket: TcpSocket, size: number): void {
  const missing = size - socket.forwardAlloc;
  if (missing > 0) socket.forwardAlloc += Math.ceil(missing / PAGE) * PAGE;
}

/** Gives memory back; whole pages return to the system at once (sk_mem_uncharge). */
function uncharge(socket: TcpSocket, size: number): void {
  socket.forwardAlloc += size;
  if (socket.forwardAlloc >= PAGE) socket.forwardAlloc %= PAGE;
}

/** Counts a buffer against SO_RCVBUF (skb_set_owner_r). */
export function chargeReceive(socket: TcpSocket, truesize: number): void {
  socket.rmemAlloc += truesize;
  socket.forwardAlloc -= truesize;
}

/** The buffer was read or dropped (sock_rfree). */
export function freeReceive(socket: TcpSocket, buffer: ReceiveBuffer): void {
  socket.rmemAlloc -= buffer.truesize;
  uncharge(socket, buffer.truesize);
}

/** Counts bytes against SO_SNDBUF (sk_wmem_queued_add with sk_mem_charge). */
export function chargeSend(socket: TcpSocket, truesize: number): void {
  schedule(socket, truesize);
  socket.wmemQueued += truesize;
  socket.forwardAlloc -= truesize;
}

/** The buffer was acknowledged (tcp_wmem_free_skb). */
export function freeSend(socket: TcpSocket, truesize: number): void {
  socket.wmemQueued -= truesize;
  uncharge(socket, truesize);
}
