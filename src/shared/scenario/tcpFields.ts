import { Type, type TSchema } from '@sinclair/typebox';

/** One hour: far beyond every retransmission series a lab looks at. */
export const MAX_TIME_MS = 3_600_000;
/** Above this a run would take minutes and its picture help nobody. */
export const MAX_CONNECTIONS = 200_000;
export const MAX_BYTES = 1_000_000_000;

export const closed = { additionalProperties: false };
export const timeMs = Type.Number({ minimum: 0, maximum: MAX_TIME_MS });
export const byteCount = Type.Integer({ minimum: 0, maximum: MAX_BYTES });
export const someBytes = Type.Integer({ minimum: 1, maximum: MAX_BYTES });
export const host = Type.Union([Type.Literal('client'), Type.Literal('server')]);
export const readMode = Type.Optional(Type.Union([Type.Literal('asap'), Type.Literal('manual')]));
const flag = Type.Integer({ minimum: 0, maximum: 1 });
const upTo = (maximum: number) => Type.Integer({ minimum: 0, maximum });
const maxInt = 2_147_483_647;

/** What setsockopt() accepts for each option, as sock_setsockopt and do_tcp_setsockopt check it. */
export const socketOptionValues = {
  TCP_NODELAY: upTo(maxInt),
  TCP_CORK: upTo(maxInt),
  TCP_QUICKACK: upTo(maxInt),
  TCP_MAXSEG: Type.Integer({ minimum: 88, maximum: 32_767 }),
  TCP_DEFER_ACCEPT: upTo(86_400),
  TCP_USER_TIMEOUT: upTo(maxInt),
  SO_RCVBUF: upTo(maxInt),
  SO_SNDBUF: upTo(maxInt),
};
export type SocketOptionName = keyof typeof socketOptionValues;
const optionals = <T extends Record<string, TSchema>>(fields: T) => Type.Partial(Type.Object(fields), closed);
export const socketOptions = Type.Optional(optionals(socketOptionValues));

const threeSizes = Type.String({ pattern: '^\\d{1,10}\\s+\\d{1,10}\\s+\\d{1,10}$', description: 'three sizes in bytes such as "4096 131072 6291456"', errorFromDescription: true });
const congestion = Type.Union([Type.Literal('reno'), Type.Literal('cubic')], { description: '"reno" or "cubic", which the simulator has', errorFromDescription: true });
const noEcn = Type.Union([Type.Literal(0), Type.Literal(2)], { description: '0 or 2 (ECN is not simulated)', errorFromDescription: true });

/** The settings a scenario may give, named without `net.ipv4.` or `net.core.`, with the ranges the kernel gives them. */
export const kernelSettings = optionals({
  tcp_congestion_control: congestion,
  tcp_timestamps: flag,
  tcp_sack: flag,
  tcp_dsack: flag,
  tcp_window_scaling: flag,
  tcp_syncookies: upTo(2),
  tcp_abort_on_overflow: flag,
  tcp_max_syn_backlog: upTo(maxInt),
  tcp_syn_linear_timeouts: upTo(127),
  tcp_syn_retries: Type.Integer({ minimum: 1, maximum: 127 }),
  tcp_synack_retries: upTo(127),
  tcp_early_retrans: upTo(4),
  tcp_autocorking: flag,
  tcp_no_metrics_save: flag,
  tcp_fastopen: upTo(maxInt),
  tcp_ecn: noEcn,
  tcp_slow_start_after_idle: flag,
  tcp_rto_min_us: Type.Integer({ minimum: 1, maximum: 120_000_000 }),
  tcp_rto_max_ms: Type.Integer({ minimum: 1000, maximum: 120_000 }),
  tcp_rmem: threeSizes,
  tcp_wmem: threeSizes,
  tcp_moderate_rcvbuf: flag,
  tcp_retries1: upTo(255),
  tcp_retries2: upTo(255),
  tcp_orphan_retries: upTo(255),
  tcp_fin_timeout: Type.Integer({ minimum: 1, maximum: 120 }),
  tcp_pingpong_thresh: Type.Integer({ minimum: 1, maximum: 255 }),
  tcp_reordering: Type.Integer({ minimum: 1, maximum: 300 }),
  tcp_max_reordering: Type.Integer({ minimum: 1, maximum: 1000 }),
  tcp_frto: flag,
  tcp_shrink_window: flag,
  tcp_workaround_signed_windows: flag,
  tcp_thin_linear_timeouts: flag,
  tcp_retrans_collapse: flag,
  tcp_backlog_ack_defer: flag,
  tcp_comp_sack_nr: upTo(255),
  somaxconn: upTo(maxInt),
  rmem_max: Type.Integer({ minimum: 2304, maximum: maxInt }),
  wmem_max: Type.Integer({ minimum: 4608, maximum: maxInt }),
});
