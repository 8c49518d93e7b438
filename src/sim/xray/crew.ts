import type { XrayListener, XrayProcess, XraySample } from '../../shared/xray/sample.ts';

/** The processes that run the server's own program: what else they started (a shell, a CGI script) takes no part in serving. */
export function crewOf({ processes }: XraySample): XrayProcess[] {
  const [root] = processes;
  return processes.filter(({ name, program }) => name === root?.name || (program !== null && program === root?.program));
}

/** Listening sockets on one address and port, and who has to do with them. */
export interface Door {
  readonly at: string;
  readonly port: number;
  readonly inodes: readonly number[];
  readonly holders: readonly XrayProcess[];
  readonly waiting: readonly XrayProcess[];
}

/** The doors of a server, those with the most processes at them first. */
export function doorsOf(listeners: readonly XrayListener[], crew: readonly XrayProcess[]): Door[] {
  const places = new Map<string, XrayListener[]>();
  for (const listener of listeners) {
    const at = `${listener.address.includes(':') ? `[${listener.address}]` : listener.address}:${listener.port}`;
    places.set(at, [...(places.get(at) ?? []), listener]);
  }
  const doors = [...places].map(([at, here]): Door => {
    const inodes = here.map(({ inode }) => inode);
    const among = (list: readonly number[]): boolean => list.some((inode) => inodes.includes(inode));
    return { at, port: here[0]?.port ?? 0, inodes, holders: crew.filter(({ holds }) => among(holds)), waiting: crew.filter(({ waitsAt }) => among(waitsAt)) };
  });
  return doors.filter(({ holders }) => holders.length > 0).sort((a, b) => b.inodes.length - a.inodes.length || b.waiting.length - a.waiting.length || a.port - b.port);
}
