import fc from 'fast-check';
import { parseTcpScenario, type TcpScenario } from '../../../src/shared/scenario/tcp.ts';

const flag = fc.constantFrom(0, 1);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const socketOptions = fc.record(
  { TCP_NODELAY: flag, TCP_CORK: flag, TCP_QUICKACK: flag, SO_SNDBUF: fc.integer({ min: 0, max: 200_000 }), SO_RCVBUF: fc.integer({ min: 0, max: 200_000 }), TCP_MAXSEG: fc.integer({ min: 88, max: 3000 }) },
  { requiredKeys: [] },
);
const kernel = fc.record(
  {
    tcp_timestamps: flag, tcp_sack: flag, tcp_window_scaling: flag, tcp_syncookies: fc.constantFrom(0, 1, 2), tcp_abort_on_overflow: flag, tcp_early_retrans: fc.constantFrom(0, 3),
    tcp_autocorking: flag, tcp_slow_start_after_idle: flag, tcp_syn_linear_timeouts: fc.integer({ min: 0, max: 5 }), tcp_syn_retries: fc.integer({ min: 1, max: 6 }), somaxconn: fc.integer({ min: 0, max: 10 }),
  },
  { requiredKeys: [] },
);
const drop = fc.record(
  { from: fc.constantFrom('client' as const, 'server' as const), data: fc.boolean(), nth: fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 6 }) },
  { requiredKeys: ['nth'] },
);
const wire = fc.record(
  { mtu: fc.integer({ min: 128, max: 9000 }), one_way_delay_ms: fc.integer({ min: 0, max: 60 }), drop: fc.array(drop, { maxLength: 3 }) },
  { requiredKeys: [] },
);
const loopback = fc.record({ medium: fc.constant('loopback' as const), mtu: fc.integer({ min: 576, max: 65_536 }) }, { requiredKeys: ['medium'] });
const at = fc.integer({ min: 0, max: 1500 });
const end = { host: fc.constantFrom('client' as const, 'server' as const), conn: fc.constant('c1') };
const action = fc.oneof(
  { weight: 5, arbitrary: fc.record({ at_ms: at, ...end, op: fc.constant('send' as const), bytes: fc.integer({ min: 0, max: 60_000 }) }) },
  fc.record({ at_ms: at, ...end, op: fc.constant('fill' as const), chunk: fc.integer({ min: 500, max: 70_000 }) }),
  fc.record({ at_ms: at, ...end, op: fc.constant('recv' as const), bytes: fc.integer({ min: 0, max: 100_000 }) }),
  fc.record({ at_ms: at, ...end, op: fc.constantFrom('shutdown' as const, 'close' as const) }),
  fc.record({ at_ms: at, ...end, op: fc.constant('setsockopt' as const), option: fc.constantFrom('TCP_NODELAY', 'TCP_CORK', 'TCP_QUICKACK'), value: flag }),
  fc.record({ at_ms: at, op: fc.constant('accept' as const), count: fc.integer({ min: 1, max: 3 }) }),
);
const read = fc.record({ read: fc.constantFrom('asap' as const, 'manual' as const) }, { requiredKeys: [] });

/** Scenarios over the whole language, small enough that thousands run in seconds. */
export const scenarios: fc.Arbitrary<TcpScenario> = fc
  .record({
    link: fc.oneof({ weight: 3, arbitrary: wire }, loopback),
    kernel,
    nagle: optional(fc.constantFrom('minshall' as const, 'rfc896' as const)),
    server: fc.record({ backlog: fc.integer({ min: 0, max: 5 }), accept: fc.constantFrom('asap' as const, 'manual' as const), sockopts: socketOptions, app: read }),
    count: fc.integer({ min: 1, max: 6 }),
    every_ms: fc.integer({ min: 0, max: 20 }),
    sockopts: socketOptions,
    actions: fc.array(action, { maxLength: 10 }),
    sample_ms: fc.array(at, { maxLength: 5 }),
  })
  .map(({ count, every_ms, sockopts, nagle, ...rest }) =>
    parseTcpScenario(JSON.parse(JSON.stringify({ ...rest, ...(nagle ? { nagle } : {}), connections: [{ id: 'c', count, every_ms, sockopts }], until_ms: 3000 }))),
  );
