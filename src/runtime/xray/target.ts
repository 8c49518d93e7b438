import { HumanError } from '../../shared/errors.ts';
import { rootOf } from './family.ts';
import { nameOf, readIdentity } from './identity.ts';
import { MachineProcesses } from './machineProcesses.ts';

/**
 * The pid of the process that a server began with, from what a person types: a pid, `:PORT` or a program's name.
 * Throws a sentence where there is none, where several do not belong together, or where it may not be seen whose port it is.
 */
export async function findRoot(text: string): Promise<number> {
  const machine = await MachineProcesses.read();
  if (/^\d+$/.test(text)) return rootOfPid(Number(text), machine);
  if (/^:\d+$/.test(text)) return rootOfPort(Number(text.slice(1)), machine);
  if (!/^[^\s:]/.test(text)) throw new HumanError(`Name a process by its pid, by :PORT or by its program's name (found "${text}").`);
  return rootOfName(text, machine);
}

function rootOfPid(pid: number, machine: MachineProcesses): Promise<number> {
  if (!machine.stat(pid)) throw new HumanError(`There is no process ${pid}, or you may not see it.`);
  return rootOf(pid, machine);
}

async function rootOfPort(port: number, machine: MachineProcesses): Promise<number> {
  if (port < 1 || port > 65535) throw new HumanError(`A port is a number from 1 to 65535 (found ${port}).`);
  const listeners = machine.listeners.filter(({ localPort }) => localPort === port);
  const [listener] = listeners;
  if (!listener) throw new HumanError(`Nothing listens on port ${port} here.`);
  // A service manager may hold the sockets of its services: it is asked last.
  const pids = [...machine.pids.filter((pid) => pid !== 1), 1];
  for (const pid of pids) if ([...((await machine.listening(pid)) ?? new Map<number, number>()).values()].includes(port)) return rootOf(pid, machine);
  throw new HumanError(`Who listens on port ${port} may not be seen by you: the socket belongs to ${await nameOf(listener.uid)}. Run as that user or as root, or name the process by its pid.`);
}

async function rootOfName(name: string, machine: MachineProcesses): Promise<number> {
  const roots = new Set<number>();
  for (const pid of machine.pids) if (pid !== process.pid && (await isCalled(pid, name, machine))) roots.add(await rootOf(pid, machine));
  const [first, ...others] = roots;
  if (first === undefined) throw new HumanError(`No process here is called "${name}".`);
  if (others.length > 0) throw new HumanError(`${roots.size} processes called "${name}" do not belong together: ${[...roots].slice(0, 12).join(', ')}${roots.size > 12 ? ', …' : ''}. Name one by its pid or by :PORT.`);
  return first;
}

async function isCalled(pid: number, name: string, machine: MachineProcesses): Promise<boolean> {
  const stat = machine.stat(pid);
  if (!stat) return false;
  return stat.name === name.slice(0, 15) || (await readIdentity(pid, stat.name)).program === name;
}
