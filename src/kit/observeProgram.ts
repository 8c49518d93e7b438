import { errorMonitor } from 'node:events';
import { Server, type AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { tell } from './programPipe.ts';

/** Tells of every server that begins to listen, or fails to, without a change to what the program sees. */
export function observeListening(): void {
  const observed = new WeakSet<Server>();
  const { listen: original } = Server.prototype as { listen: (this: Server, ...args: unknown[]) => Server };
  const listen = function (this: Server, ...args: unknown[]): Server {
    if (!observed.has(this)) {
      observed.add(this);
      this.prependListener('listening', () => tellAddress(this.address()));
      // The monitor hears of an error and leaves it unhandled.
      this.on(errorMonitor as unknown as 'error', tellFailure);
    }
    return original.apply(this, args);
  };
  Object.defineProperty(Server.prototype, 'listen', { value: listen, writable: true, configurable: true });
}

function tellAddress(address: AddressInfo | string | null): void {
  if (typeof address === 'string') tell({ type: 'listening-elsewhere', path: address });
  else if (address) tell({ type: 'listening', port: address.port, address: address.address });
}

function tellFailure(error: NodeJS.ErrnoException & { port?: number }): void {
  if (error.syscall === 'listen' || error.syscall === 'bind') tell({ type: 'listen-failed', code: error.code ?? 'error', port: error.port ?? null });
}

/** Of a message, and of a stack, whose end has the frames. */
const LONGEST = 16 * 1024;

/** A thrown value in words; whatever it does when it is looked at. */
function described(error: unknown): { message: string; stack: string } {
  try {
    if (!(error instanceof Error)) return { message: `it threw ${typeof error === 'string' ? error : inspect(error)}, which is not an Error`, stack: '' };
    return { message: `${error.name}: ${error.message}`, stack: String(error.stack) };
  } catch {
    return { message: 'it threw something that breaks down when it is looked at', stack: '' };
  }
}

/** Tells of the error that ends the program; Node still prints it and ends the process as always. */
export function observeCrashes(): void {
  process.on('uncaughtExceptionMonitor', (error: unknown) => {
    const { message, stack } = described(error);
    tell({ type: 'crashed', message: message.slice(0, LONGEST), stack: stack.slice(-LONGEST) });
  });
}

/** Tells who called process.exit. */
export function observeExit(): void {
  const original = process.exit.bind(process);
  process.exit = (code?: number | string | null): never => {
    tell({ type: 'exiting', code: Number(code ?? process.exitCode ?? 0), stack: new Error('process.exit').stack ?? '' });
    return original(code);
  };
}
