import type { XrayThread } from '../../shared/xray/sample.ts';
import type { ProcessStat } from '../processTable.ts';
import { readDescriptors, type Descriptors } from './descriptors.ts';
import type { Member } from './family.ts';
import { readIdentity, type Identity } from './identity.ts';
import { readMemory, type Memory } from './memory.ts';
import { readThreads } from './threads.ts';

/** All that was read of one process, before it is held against the sockets. */
export interface Look extends Member {
  readonly stat: ProcessStat;
  readonly identity: Identity;
  /** Null where this user may not read them. */
  readonly descriptors: Descriptors | null;
  readonly threadCount: number;
  readonly threads: readonly XrayThread[];
  readonly memory: Memory;
}

export async function look({ stat, depth }: Member): Promise<Look> {
  const [identity, descriptors, { count, threads }, memory] = await Promise.all([readIdentity(stat.pid, stat.name), readDescriptors(stat.pid), readThreads(stat.pid), readMemory(stat.pid)]);
  return { stat, depth, identity, descriptors, threadCount: count, threads, memory };
}
