// One flood in a process of its own: prints its figures as JSON.
import { parseTcpScenario } from '../../src/shared/scenario/tcp.ts';
import { simulateTcp } from '../../src/sim/tcp/simulate.ts';

const clients = Number(process.argv[2]);
// 10 000 clients a second from four addresses; a second more for the last to be accepted.
const connections = ['a', 'b', 'c', 'd'].map((id, i) => ({ id, count: clients / 4, connect_ms: i / 10, every_ms: 0.4 }));
const scenario = parseTcpScenario({ server: { backlog: 511, accept: 'asap' }, connections, until_ms: clients / 10 + 1000 });
const before = process.cpuUsage();
const { recording } = simulateTcp(scenario, { trace: false });
const { user, system } = process.cpuUsage(before);
console.log(JSON.stringify({ clients, segments: recording.segments.length, seconds: (user + system) / 1e6, bytes: process.resourceUsage().maxRSS * 1024 }));
