import type { TcpKernelSettings, TcpScenario } from '../../shared/scenario/tcp.ts';
import { jiffiesFromMs, jiffiesFromUs, TCP_RTO_MIN } from './units.ts';

/** What every scenario starts from; those that differ from a stock kernel are off so that one mechanism is seen at a time. */
const WIRE = {
  tcp_timestamps: 0, tcp_sack: 1, tcp_dsack: 1, tcp_window_scaling: 1,
  tcp_syncookies: 0, tcp_abort_on_overflow: 0, tcp_max_syn_backlog: 2048,
  tcp_syn_linear_timeouts: 4, tcp_syn_retries: 6, tcp_synack_retries: 5,
  tcp_early_retrans: 0, tcp_autocorking: 0, tcp_no_metrics_save: 1, tcp_fastopen: 0, tcp_ecn: 0,
  tcp_slow_start_after_idle: 1, tcp_rto_min_us: 200_000, tcp_rto_max_ms: 120_000,
  tcp_rmem: '4096 131072 6291456', tcp_wmem: '4096 16384 4194304', somaxconn: 4096,
  tcp_moderate_rcvbuf: 1, tcp_retries1: 3, tcp_retries2: 15, tcp_orphan_retries: 0, tcp_fin_timeout: 60,
  tcp_pingpong_thresh: 1, tcp_reordering: 3, tcp_max_reordering: 300, tcp_frto: 2, tcp_shrink_window: 0,
  tcp_workaround_signed_windows: 0, tcp_thin_linear_timeouts: 0, tcp_retrans_collapse: 1, tcp_backlog_ack_defer: 1,
  tcp_comp_sack_nr: 44, rmem_max: 4_194_304, wmem_max: 4_194_304,
} satisfies Record<string, number | string>;

/** On loopback a learner has the settings of a stock Linux. */
const LOOPBACK = { tcp_timestamps: 1, tcp_syncookies: 1, tcp_early_retrans: 3, tcp_autocorking: 1 };

export interface Settings extends Record<Exclude<keyof typeof WIRE, 'tcp_rmem' | 'tcp_wmem'>, number> {
  readonly rmem: readonly [number, number, number];
  readonly wmem: readonly [number, number, number];
  readonly rtoMin: number;
  readonly rtoMax: number;
  readonly mtu: number;
  readonly loopback: boolean;
  /** Largest send the device takes in one piece: segments, and bytes. */
  readonly gsoMaxSegs: number;
  readonly gsoMaxSize: number;
  readonly nagle: 'minshall' | 'rfc896';
  readonly congestion: 'reno' | 'cubic';
}

/** The settings that a scenario runs with. */
export function settingsOf(scenario: TcpScenario): Settings {
  const loopback = scenario.link?.medium === 'loopback';
  const given: TcpKernelSettings = scenario.kernel ?? {};
  const all = { ...WIRE, ...(loopback ? LOOPBACK : {}), ...given };
  const { tcp_rmem, tcp_wmem, tcp_congestion_control: congestion = 'reno', ...numbers } = all;
  return {
    ...numbers,
    rmem: sizes(tcp_rmem),
    wmem: sizes(tcp_wmem),
    rtoMin: Math.max(1, numbers.tcp_rto_min_us === 200_000 ? TCP_RTO_MIN : jiffiesFromUs(numbers.tcp_rto_min_us)),
    rtoMax: jiffiesFromMs(numbers.tcp_rto_max_ms),
    mtu: scenario.link?.mtu ?? (loopback ? 65_536 : 1500),
    loopback,
    gsoMaxSegs: scenario.link?.gso_max_segs ?? (loopback ? 65_535 : 1),
    gsoMaxSize: 65_536 - 257,
    nagle: scenario.nagle ?? 'minshall',
    congestion,
  };
}

function sizes(text: string): [number, number, number] {
  const [low = 0, initial = 0, high = 0] = text.split(/\s+/).map(Number);
  return [low, initial, high];
}
