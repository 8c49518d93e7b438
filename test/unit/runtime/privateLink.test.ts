import { execFileSync, spawnSync } from 'node:child_process';
import { beforeAll, describe, expect, it } from 'vitest';
import { findPrivateLink, onPrivateLink, type PrivateLinkEntrance } from '../../../src/runtime/privateLink.ts';
import { readMachine } from '../../../src/runtime/machine.ts';

let entrance: PrivateLinkEntrance | { readonly why: string };
beforeAll(async () => {
  entrance = await findPrivateLink({ mtu: 1400 });
});

const inside = (script: string): string => {
  if (!('enter' in entrance)) throw new Error(entrance.why);
  const [command, ...args] = [...entrance.enter, 'sh', '-c', script];
  return execFileSync(command, args, { encoding: 'utf8' });
};

describe('a private link', () => {
  it('has an MTU of its own, takes segments one by one, and Reno', ({ skip }) => {
    skip('why' in entrance, 'why' in entrance ? entrance.why : '');
    const link = inside('PATH=$PATH:/usr/sbin ip -d link show lo');
    expect(link).toMatch(/mtu 1400/);
    expect(link).toMatch(/gso_max_segs 1\b/);
    expect(inside('cat /proc/sys/net/ipv4/tcp_congestion_control').trim()).toBe('reno');
  });

  it('is not this machine’s own, whose loopback stays as it was', ({ skip }) => {
    skip('why' in entrance, 'why' in entrance ? entrance.why : '');
    expect(inside('readlink /proc/self/ns/net')).not.toBe(execFileSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' }));
    expect(inside('cat /proc/net/tcp').trim().split('\n')).toHaveLength(1);
    expect(spawnSync('cat', ['/sys/class/net/lo/mtu'], { encoding: 'utf8' }).stdout.trim()).not.toBe('1400');
  });

  it('replaces itself by the command, which keeps its process', ({ skip }) => {
    skip('why' in entrance, 'why' in entrance ? entrance.why : '');
    const [command, ...args] = [...('enter' in entrance ? entrance.enter : []), 'sh', '-c', 'echo $$'];
    const { stdout, pid } = spawnSync(command, args, { encoding: 'utf8' });
    expect(Number(stdout)).toBe(pid);
  });

  it('that cannot be had is a sentence', async () => {
    const path = process.env.PATH;
    process.env.PATH = '/nowhere';
    try {
      const found = await findPrivateLink({ mtu: 1500 });
      expect('why' in found && found.why).toMatch(/^Needs a private network namespace with an MTU of 1500, which .*\.$/);
    } finally {
      process.env.PATH = path;
    }
  });

  it('is what a prediction is then made for', async () => {
    expect(onPrivateLink(await readMachine(), { mtu: 1400 }).kernel).toMatchObject({ loopback_mtu: 1400, loopback_gso_max_segs: 1 });
  });
});
