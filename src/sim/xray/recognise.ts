import type { XrayProcess, XraySample } from '../../shared/xray/sample.ts';
import type { Recognised, Recognition } from '../../shared/xray/view.ts';
import { crewOf, doorsOf, type Door } from './crew.ts';
import { onlyHolder } from './onlyHolder.ts';
import { threadsWithin } from './threads.ts';
import { plural, some } from './words.ts';

/** How these processes share the work, told from who holds and who waits at which listening socket. `port` is the one asked for, where there are several. */
export function recognise(sample: XraySample, port: number | null = null): Recognition {
  const crew = crewOf(sample);
  const unread = crew.filter(({ permitted }) => !permitted);
  if (unread.length === crew.length) return { ...notPermitted(unread), also: [] };
  const doors = doorsOf(sample.listeners, crew).sort((a, b) => Number(b.port === port) - Number(a.port === port));
  const all = doors.flatMap((door) => atDoor(door, crew, unread));
  // A further port that one process alone serves (for metrics, say) is no pattern of the whole.
  const [main, ...others] = all.filter(({ pattern }, i) => all.findIndex((each) => each.pattern === pattern) === i && (i === 0 || pattern !== 'one-thread'));
  const also = unread.length > 0 && main?.pattern !== 'not-permitted' ? [...others, notPermitted(unread)] : others;
  if (!main) return { pattern: 'no-listener', evidence: [`${noListener(crew.length - unread.length)} a descriptor of a listening TCP socket.`], also };
  return { ...main, also };
}

function noListener(count: number): string {
  return count === 1 ? 'The process has not' : `None of the ${count} processes that can be read has`;
}

/** What may not be read, and where only one who holds a socket was found, that others may hold it too. */
function notPermitted(unread: readonly XrayProcess[], door?: Door): Recognised {
  const users = [...new Set(unread.map(({ user }) => user))];
  const evidence = `The descriptors of ${plural(unread.length, 'process', 'processes')} (${some(unread.map(({ pid }) => pid))}) may not be read by you: they belong to ${some(users)}. Which sockets they hold shows only to that user and to root.`;
  const holder = door ? [`Process ${door.holders[0]?.pid ?? 0} holds the listening socket with inode ${door.inodes[0] ?? ''} on ${door.at}; whether it alone does cannot be told.`] : [];
  return { pattern: 'not-permitted', evidence: [evidence, ...holder] };
}

/** The pattern at one address and port, then what else there is to say of the processes there. */
function atDoor(door: Door, crew: readonly XrayProcess[], unread: readonly XrayProcess[]): Recognised[] {
  if (door.inodes.length > 1) return [reusePort(door), ...threadsWithin(door.waiting)];
  if (door.holders.length > 1) return [preForked(door), ...threadsWithin(door.waiting)];
  if (unread.length > 0) return [notPermitted(unread, door)];
  return onlyHolder(door, crew);
}

function reusePort({ at, inodes, holders, waiting }: Door): Recognised {
  const evidence = [`${inodes.length} sockets listen on ${at} (inodes ${some(inodes)}): more than one on the same address and port is only possible with SO_REUSEPORT. The kernel picks one of them for each SYN.`];
  const [only] = waiting;
  const own = waiting.filter(({ waitsAt }) => waitsAt.filter((inode) => inodes.includes(inode)).length === 1);
  if (waiting.length === 1 && only && only.listeningLoops > 1) evidence.push(`Process ${only.pid} waits at them in ${only.listeningLoops} epoll sets: its workers are threads.`);
  else if (own.length > 1) evidence.push(`${plural(own.length, 'process waits', 'processes wait')} at one of them each (${some(own.map(({ pid }) => pid))}).`);
  if (holders.length > waiting.length) evidence.push(`${holders.length} processes hold a descriptor of at least one: a descriptor that was inherited counts, also where nobody waits at it.`);
  return { pattern: 'reuse-port', evidence };
}

function preForked({ at, inodes, holders, waiting }: Door): Recognised {
  const pids = holders.map(({ pid }) => pid);
  const evidence = [`${plural(holders.length, 'process shares', 'processes share')} the listening socket with inode ${inodes[0] ?? ''} on ${at} (${some(pids)}).`];
  const idle = holders.filter((holder) => !waiting.includes(holder));
  const [parent] = idle;
  if (waiting.length > 0) evidence.push(`${plural(waiting.length, 'of them waits', 'of them wait')} there for a connection (${some(waiting.map(({ pid }) => pid))}).`);
  if (idle.length === 1 && parent && waiting.length > 0) evidence.push(`${parent.pid} holds it and does not wait: it is the parent, which opened the socket before it forked.`);
  return { pattern: 'pre-forked', evidence };
}
