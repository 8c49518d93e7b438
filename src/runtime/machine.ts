import { readFile } from 'node:fs/promises';
import { availableParallelism, platform, release } from 'node:os';
import { join } from 'node:path';
import type { Machine } from '../shared/report.ts';
import { readJiffyMs } from './jiffy.ts';

/** What the recordings of the conformance suite also name: the settings that decide how Linux accepts and sends. */
const IPV4 = [
  ...['tcp_congestion_control', 'tcp_timestamps', 'tcp_sack', 'tcp_window_scaling', 'tcp_syncookies', 'tcp_abort_on_overflow', 'tcp_max_syn_backlog'],
  ...['tcp_syn_linear_timeouts', 'tcp_syn_retries', 'tcp_synack_retries', 'tcp_early_retrans', 'tcp_autocorking', 'tcp_no_metrics_save', 'tcp_fastopen'],
  ...['tcp_ecn', 'tcp_slow_start_after_idle', 'tcp_rto_min_us', 'tcp_rmem', 'tcp_wmem', 'tcp_moderate_rcvbuf', 'tcp_adv_win_scale', 'tcp_fin_timeout', 'ip_local_port_range'],
];
const CORE = ['somaxconn', 'rmem_max', 'wmem_max'];

/** Reads where we are, and the kernel's settings that a prediction needs. They may change at any time, so read them before each run. */
export async function readMachine(): Promise<Machine> {
  const [ipv4, core, mtu, jiffyMs] = await Promise.all([readSysctls('ipv4', IPV4), readSysctls('core', CORE), readLoopbackMtu(), readJiffyMs()]);
  return {
    platform: platform(),
    release: release(),
    cores: availableParallelism(),
    node: process.versions.node,
    jiffyMs,
    kernel: { ...ipv4, ...core, ...mtu },
  };
}

/** Those of these settings that this kernel has. */
async function readSysctls(folder: string, names: readonly string[]): Promise<Record<string, number | string>> {
  const values = await Promise.all(names.map((name) => readFile(join('/proc/sys/net', folder, name), 'utf8').catch(() => null)));
  const pairs = names.map((name, i) => [name, values[i]] as const).filter((pair): pair is readonly [string, string] => pair[1] != null);
  return Object.fromEntries(pairs.map(([name, text]) => [name, valueOf(text)]));
}

async function readLoopbackMtu(): Promise<Record<string, number>> {
  const text = await readFile('/sys/class/net/lo/mtu', 'utf8').catch(() => null);
  return text === null ? {} : { loopback_mtu: Number(text) };
}

/** A number where it is one; several are one text with single spaces (`tcp_rmem`: `4096 131072 6291456`). */
function valueOf(text: string): number | string {
  const trimmed = text.trim().replace(/\s+/g, ' ');
  return /^-?\d+$/.test(trimmed) ? Number(trimmed) : trimmed;
}
