import { Value } from '@sinclair/typebox/value';
import type { TSchema } from '@sinclair/typebox';
import { kernelSettings } from '../shared/scenario/tcpFields.ts';
import type { Machine } from '../shared/report.ts';

/** What a prediction takes over from this machine: JSON pointer → value, and a sentence for each setting that the simulator has not. */
export interface MachineSettings {
  readonly changes: Readonly<Record<string, unknown>>;
  readonly notes: readonly string[];
}

/** This machine's own settings in the terms of a scenario of `kind`: TCP's are the kernel's; the other models have none to read before a run. */
export function machineSettings({ platform, kernel }: Machine, kind: unknown = 'tcp'): MachineSettings {
  if (kind !== 'tcp') return { changes: {}, notes: [] };
  const changes: Record<string, unknown> = {};
  const notes: string[] = [];
  for (const [name, value] of Object.entries(kernel)) {
    const schema = (kernelSettings.properties as Record<string, TSchema>)[name];
    if (!schema) continue;
    if (Value.Check(schema, value)) changes[`/kernel/${name}`] = value;
    else notes.push(`This machine has ${name} = ${String(value)}, which the simulator does not have: the prediction leaves it at its default.`);
  }
  // The setting came with Linux 6.5; before it, SYN timeouts doubled from the first.
  if (platform === 'linux' && kernel.tcp_syn_linear_timeouts === undefined) changes['/kernel/tcp_syn_linear_timeouts'] = 0;
  if (typeof kernel.loopback_mtu === 'number') changes['/link/mtu'] = kernel.loopback_mtu;
  if (typeof kernel.loopback_gso_max_segs === 'number') changes['/link/gso_max_segs'] = kernel.loopback_gso_max_segs;
  if (platform !== 'linux') notes.push(`The prediction is for Linux; this is ${platform}, whose kernel has its own timers and limits.`);
  return { changes, notes };
}
