import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Machine } from '../shared/report.ts';
import type { PrivateLink } from '../shared/rpc.ts';

/** A way to start processes on a private link: the command to put in front of theirs. */
export interface PrivateLinkEntrance {
  readonly link: PrivateLink;
  readonly enter: readonly string[];
}

/** A namespace of root's own, or of an ordinary user who is root only inside: the capabilities stay, the user stays too. */
const WAYS = [['--net'], ['--user', '--net', '--map-current-user', '--keep-caps']];
/** Ends a machine where `unshare` hangs. */
const TRY_MS = 5000;
const NO_LINK_EXIT = 77;
/**
 * Makes the new namespace's loopback behave as a wire: segments of the MTU's size, sent one by one. Reno is what every kernel has
 * and what the prediction has; the namespace is gone with its last process, so nothing of this stays.
 */
const SET_UP = [
  'PATH="$PATH:/usr/sbin:/sbin"',
  `ip link set lo up mtu "$1" gso_max_segs 1 || exit ${NO_LINK_EXIT}`,
  '{ echo reno > /proc/sys/net/ipv4/tcp_congestion_control; } 2>/dev/null',
  'shift',
  'exec "$@"',
].join('\n');

/** How a private link can be had here, or a sentence that says why not. Takes some milliseconds; leaves nothing behind. */
export async function findPrivateLink(link: PrivateLink): Promise<PrivateLinkEntrance | { readonly why: string }> {
  const wanted = `Needs a private network namespace with an MTU of ${link.mtu}`;
  if (process.platform !== 'linux') return { why: `${wanted}, which only Linux has.` };
  let why = '';
  for (const way of process.getuid?.() === 0 ? WAYS : WAYS.slice(1)) {
    const enter = ['unshare', ...way, 'sh', '-c', SET_UP, 'sh', String(link.mtu)];
    const failure = await failureOf([...enter, 'true']);
    if (failure === null) return { link, enter };
    why = failure;
  }
  return { why: `${wanted}, which cannot be had here: ${why}.` };
}

async function failureOf([command = '', ...args]: readonly string[]): Promise<string | null> {
  try {
    await promisify(execFile)(command, args, { timeout: TRY_MS, killSignal: 'SIGKILL' });
    return null;
  } catch (error) {
    const { code, killed, stderr = '' } = error as { code?: unknown; killed?: boolean; stderr?: string };
    if (code === 'ENOENT') return 'unshare (of util-linux) is not installed';
    if (killed === true) return `unshare had come to no end after ${TRY_MS / 1000} s`;
    const said = stderr.trim().split('\n').at(-1) ?? '';
    if (code === NO_LINK_EXIT) return `ip (of iproute2) did not set up its loopback${said ? ` (${said})` : ''}`;
    return `this system lets you make none${said ? ` (${said})` : ''}`;
  }
}

/** A machine whose loopback is such a link. /sys shows the MTU of the namespace that mounted it, so it cannot be read there. */
export function onPrivateLink(machine: Machine, { mtu }: PrivateLink): Machine {
  return { ...machine, kernel: { ...machine.kernel, loopback_mtu: mtu, loopback_gso_max_segs: 1 } };
}
