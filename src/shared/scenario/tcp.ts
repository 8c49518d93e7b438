import { Type, type Static } from '@sinclair/typebox';
import { HumanError } from '../errors.ts';
import { validated } from '../validate.ts';
import { annotations } from './annotations.ts';
import { byteCount, closed, host, kernelSettings, MAX_BYTES, MAX_CONNECTIONS, MAX_TIME_MS, readMode, socketOptions, socketOptionValues, someBytes, timeMs, type SocketOptionName } from './tcpFields.ts';

const dropRule = Type.Object(
  {
    from: Type.Optional(host),
    conn: Type.Optional(Type.String()),
    flags: Type.Optional(Type.String({ pattern: '^S?F?R?P?\\.?$', description: 'letters of S F R P and . in that order, such as "S.", "P."', errorFromDescription: true })),
    data: Type.Optional(Type.Boolean()),
    nth: Type.Array(Type.Integer({ minimum: 1, maximum: 1_000_000 }), { maxItems: 1000 }),
  },
  closed,
);

const link = Type.Object(
  {
    mtu: Type.Optional(Type.Integer({ minimum: 128, maximum: 65_536 })),
    one_way_delay_ms: Type.Optional(Type.Number({ minimum: 0, maximum: 60_000 })),
    drop: Type.Optional(Type.Array(dropRule, { maxItems: 100 })),
    medium: Type.Optional(Type.Union([Type.Literal('wire'), Type.Literal('loopback')])),
    /** Segments that the device takes in one piece: 1 over a wire and 65535 on loopback unless given (`ip link set lo gso_max_segs`). */
    gso_max_segs: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
  },
  closed,
);

const reply = Type.Object({ per: someBytes, bytes: byteCount }, closed);
const serverApp = Type.Object({ read: readMode, reply: Type.Optional(reply) }, closed);
const requests = Type.Object(
  { count: Type.Integer({ minimum: 0, maximum: 1_000_000 }), writes: Type.Array(someBytes, { minItems: 1, maxItems: 1000 }), response_bytes: someBytes },
  closed,
);
const clientApp = Type.Object({ read: readMode, reply: Type.Optional(reply), requests: Type.Optional(requests) }, closed);

const server = Type.Object(
  {
    backlog: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647 })),
    sockopts: socketOptions,
    accepted_sockopts: socketOptions,
    accept: Type.Optional(Type.Union([Type.Literal('asap'), Type.Literal('manual')])),
    app: Type.Optional(serverApp),
  },
  closed,
);

const connection = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 100 }),
    connect_ms: Type.Optional(timeMs),
    count: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_CONNECTIONS })),
    every_ms: Type.Optional(timeMs),
    to_port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535 })),
    sockopts: socketOptions,
    connected_sockopts: socketOptions,
    app: Type.Optional(clientApp),
    /** What the server's program does on this connection, in place of `server.app`. */
    server_app: Type.Optional(serverApp),
  },
  closed,
);

const repeated = { at_ms: timeMs, repeat: Type.Optional(Type.Integer({ minimum: 1, maximum: 100_000 })), every_ms: Type.Optional(timeMs) };
const onEndpoint = { ...repeated, host, conn: Type.String() };
const onListener = { ...repeated, host: Type.Optional(Type.Literal('server')) };
const actionSchemas = {
  send: Type.Object({ ...onEndpoint, op: Type.Literal('send'), bytes: byteCount }, closed),
  fill: Type.Object({ ...onEndpoint, op: Type.Literal('fill'), chunk: Type.Optional(someBytes) }, closed),
  recv: Type.Object({ ...onEndpoint, op: Type.Literal('recv'), bytes: Type.Optional(byteCount) }, closed),
  setsockopt: Type.Object({ ...onEndpoint, op: Type.Literal('setsockopt'), option: Type.String(), value: Type.Integer() }, closed),
  shutdown: Type.Object({ ...onEndpoint, op: Type.Literal('shutdown') }, closed),
  close: Type.Object({ ...onEndpoint, op: Type.Literal('close') }, closed),
  accept: Type.Object({ ...onListener, op: Type.Literal('accept'), count: Type.Optional(Type.Integer({ minimum: 1, maximum: MAX_CONNECTIONS })) }, closed),
  'accept-asap': Type.Object({ ...onListener, op: Type.Literal('accept-asap') }, closed),
};

/** A scenario of kind `tcp`: two hosts, what their programs do, and what the link loses. Times in milliseconds, sizes in bytes. */
export const tcpScenarioSchema = Type.Object(
  {
    ...annotations,
    kind: Type.Optional(Type.Literal('tcp')),
    nagle: Type.Optional(Type.Union([Type.Literal('minshall'), Type.Literal('rfc896')])),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER })),
    link: Type.Optional(link),
    kernel: Type.Optional(kernelSettings),
    server,
    connections: Type.Array(connection, { maxItems: 10_000 }),
    actions: Type.Optional(Type.Array(Type.Object({ op: Type.String() }), { maxItems: 100_000 })),
    sample_ms: Type.Optional(Type.Array(timeMs, { maxItems: 100_000 })),
    until_ms: Type.Number({ exclusiveMinimum: 0, maximum: MAX_TIME_MS }),
  },
  closed,
);

export type TcpAction = { [Op in keyof typeof actionSchemas]: Static<(typeof actionSchemas)[Op]> }[keyof typeof actionSchemas];
export type TcpScenario = Omit<Static<typeof tcpScenarioSchema>, 'actions'> & { actions?: TcpAction[] };
export type TcpConnectionSpec = Static<typeof connection>;
export type TcpSocketOptions = Partial<Record<SocketOptionName, number>>;
export type TcpKernelSettings = Static<typeof kernelSettings>;
export type TcpDropRule = Static<typeof dropRule>;
export type TcpApp = Static<typeof clientApp>;

/**
 * The TCP scenario that `value` is.
 * @throws HumanError in one sentence that names the first wrong field and what it may be, or the two fields that contradict each other.
 */
export function parseTcpScenario(value: unknown): TcpScenario {
  const scenario = validated(tcpScenarioSchema, value, 'this scenario');
  const actions = scenario.actions ?? [];
  for (let i = 0; i < actions.length; i++) checkAction(actions[i] as { op: string }, i);
  const checked = scenario as TcpScenario;
  checkConnections(checked);
  checkLoopback(checked);
  checkTotals(checked);
  return checked;
}

function checkAction(action: { op: string }, index: number): void {
  const known = Object.hasOwn(actionSchemas, action.op) ? actionSchemas[action.op as keyof typeof actionSchemas] : undefined;
  if (!known) throw wrong(`actions.${index}.op`, `one of ${Object.keys(actionSchemas).join(', ')}`, action.op);
  validated(known, action, `action ${index} of this scenario`);
  const set = action as Extract<TcpAction, { op: 'setsockopt' }>;
  if (set.op !== 'setsockopt') return;
  const schema = Object.hasOwn(socketOptionValues, set.option) ? socketOptionValues[set.option as SocketOptionName] : undefined;
  if (!schema) throw wrong(`actions.${index}.option`, `one of ${Object.keys(socketOptionValues).join(', ')}`, set.option);
  validated(Type.Object({ value: schema }), { value: set.value }, `action ${index} of this scenario`);
}

function checkConnections(scenario: TcpScenario): void {
  const names = new Set<string>();
  let total = 0;
  scenario.connections.forEach((spec, index) => {
    total += spec.count ?? 1;
    if (total > MAX_CONNECTIONS) throw wrong(`connections.${index}.count`, `such that all connections together are at most ${MAX_CONNECTIONS}`, spec.count ?? 1);
    for (let i = 1; i <= (spec.count ?? 1); i++) {
      const name = spec.count === undefined ? spec.id : `${spec.id}${i}`;
      if (names.has(name)) throw wrong(`connections.${index}.id`, 'a name that no other connection has', name);
      names.add(name);
    }
  });
  (scenario.actions ?? []).forEach((action, index) => {
    if ('conn' in action && !names.has(action.conn)) throw wrong(`actions.${index}.conn`, 'the id of one of the connections', action.conn);
  });
  (scenario.link?.drop ?? []).forEach((rule, index) => {
    if (rule.conn !== undefined && !names.has(rule.conn)) throw wrong(`link.drop.${index}.conn`, 'the id of one of the connections', rule.conn);
  });
}

function checkLoopback(scenario: TcpScenario): void {
  const { link: spec } = scenario;
  if (spec?.medium !== 'loopback') {
    if ((spec?.mtu ?? 1500) > 65_535) throw wrong('link.mtu', 'a whole number from 128 to 65535 over a wire', spec?.mtu);
    return;
  }
  if (spec.one_way_delay_ms) throw wrong('link.one_way_delay_ms', '0 or absent where the medium is loopback, which has no delay', spec.one_way_delay_ms);
  if (spec.drop?.length) throw wrong('link.drop', 'empty or absent where the medium is loopback, which loses nothing', spec.drop);
}

function checkTotals(scenario: TcpScenario): void {
  let bytes = 0;
  let steps = 0;
  for (const action of scenario.actions ?? []) {
    steps += action.repeat ?? 1;
    if (action.op === 'send') bytes += action.bytes * (action.repeat ?? 1);
  }
  if (steps > 1_000_000) throw wrong('actions', 'at most 1000000 with all repeats', steps);
  if (bytes > MAX_BYTES) throw wrong('actions', `sends of at most ${MAX_BYTES} bytes together`, bytes);
}

function wrong(field: string, expected: string, found: unknown): HumanError {
  return new HumanError(`In this scenario, "${field}" must be ${expected} (found ${JSON.stringify(found)?.slice(0, 60) ?? typeof found}).`);
}

