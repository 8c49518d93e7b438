import { describe, expect, it } from 'vitest';
import { placedShapes } from '../../../webview/diagram/scene.ts';
import { curvesScene } from '../../../webview/xray/curvesScene.ts';
import { outlineScene } from '../../../webview/xray/outlineScene.ts';
import { rowsOf } from '../../../webview/xray/rows.ts';
import { ageWords } from '../../../webview/xray/useAge.ts';
import { listener, planted, sampleOf } from '../xray/planted.ts';
import { minute, SAMPLES, type SampleName } from '../xray/snapshots.ts';
import { boldWidth } from '../../../webview/xray/words.ts';
import { outside, overlaps } from './sceneChecks.ts';

const cases = (Object.keys(SAMPLES) as SampleName[]).flatMap((name) => [296, 640, 720, 1160].map((width) => ({ name, width })));
const rolesOf = (name: SampleName, mark: string): string[] => outlineScene(SAMPLES[name](), 640).marks.find(({ id }) => id === mark)!.shapes.map(({ role }) => role);

describe('the outline', () => {
  it.each(cases)('of $name keeps its labels apart and inside $width px', ({ name, width }) => {
    const scene = outlineScene(SAMPLES[name](), width);
    expect(overlaps(scene)).toEqual([]);
    expect(outside(scene)).toEqual([]);
  });

  it('leaves room for bold type, which is broader', () => {
    const { marks } = outlineScene(SAMPLES.many(), 1160);
    const [socket, worker] = ['socket-1', 'process-100'].map((id) => marks.find((mark) => mark.id === id)!.shapes);
    const at = (shapes: typeof socket, role: string) => shapes!.find((shape) => shape.kind === 'text' && shape.role === role && shape.text.length > 1) as { x: number; text: string };
    expect(at(socket, 'text-strong').x + boldWidth(at(socket, 'text-strong').text)).toBeLessThan(at(socket, 'text-quiet').x);
    const cells = worker!.filter((shape) => shape.kind === 'rect' && shape.role === 'connecting') as { x: number }[];
    expect(at(worker, 'text-strong').x + boldWidth(at(worker, 'text-strong').text)).toBeLessThan(cells[0]!.x);
  });

  it('draws a filled dot for who waits at a socket and a ring for who only has it', () => {
    expect(rolesOf('nginx', 'process-10')).toContain('holds');
    expect(rolesOf('nginx', 'process-10')).not.toContain('waits');
    expect(rolesOf('nginx', 'process-11')).toContain('waits');
    expect(rolesOf('reusePort', 'process-12').filter((role) => role === 'waits' || role === 'holds')).toEqual(['holds', 'waits', 'holds']);
  });

  it('draws the places of a queue first, and fills those that are taken', () => {
    const cells = (name: SampleName, mark: string) => rolesOf(name, mark).filter((role) => role === 'slot' || role === 'connecting');
    expect(cells('reusePort', 'socket-2')).toEqual(['slot', 'connecting', 'slot', 'connecting', 'slot', 'slot', 'slot', 'slot', 'slot', 'slot']);
    expect(cells('reusePort', 'socket-3')).toHaveLength(8);
    expect(outlineScene(SAMPLES.reusePort(), 640).marks[0]!.shapes).toContainEqual(expect.objectContaining({ text: 'full: 8 of 8 wait', role: 'text-lost' }));
  });

  it('keeps the port of an address that has no room', () => {
    const labels = outlineScene(SAMPLES.many(), 296).marks[1]!.shapes.flatMap((shape) => (shape.kind === 'text' ? [shape.text] : []));
    expect(labels).toContainEqual(expect.stringMatching(/^….*\]:9001$/));
  });

  it('hatches what may not be read, and says so', () => {
    expect(rolesOf('notPermitted', 'process-10').filter((role) => role === 'not-permitted')).toHaveLength(3);
    expect(rolesOf('notPermitted', 'process-11')).not.toContain('not-permitted');
    const { name } = outlineScene(SAMPLES.notPermitted(), 296).marks.find(({ id }) => id === 'process-10')!;
    expect(name).toContain('PSS not permitted');
    expect(name).toContain('Its sockets may not be read by you.');
  });

  it('says in words what it shows of a process and of a socket', () => {
    const { marks } = outlineScene(SAMPLES.nginx(), 1160);
    expect(marks.map(({ id }) => id)).toEqual(['socket-1311', 'process-10', 'process-11', 'process-12', 'process-13']);
    expect(marks[0]!.name).toBe(
      'Socket A, inode 1311, listens on 127.0.0.1:8080. 37 of 512 wait in its accept queue; 0 in the SYN queue of its port. Its backlog is 511, and the queue holds one more. 4 processes have a descriptor of it; 3 wait there for a connection.',
    );
    expect(marks[2]!.name).toBe('nginx: worker process: process 11 of ada. 1 thread: 1 waiting for events (epoll). 2.2 MiB PSS of 9 MiB RSS, 3 MiB of it shared. It has the listening socket A and waits at A; 4 clients, 2.83 KiB unacknowledged.');
  });

  it('shows every process in one row or counts it in one', () => {
    for (const name of Object.keys(SAMPLES) as SampleName[]) {
      const { processes } = SAMPLES[name]();
      const shown = rowsOf(processes).flatMap((row) => (row.kind === 'process' ? [row.process] : row.processes));
      expect(shown.map(({ pid }) => pid).sort()).toEqual(processes.map(({ pid }) => pid).sort());
    }
    expect(rowsOf(SAMPLES.many().processes)).toHaveLength(24);
  });

  it('counts those that are alike, with their sockets', () => {
    const children = Array.from({ length: 20 }, (_, i) => planted(11 + i, { holds: [1], waitsAt: [1] }));
    const { marks } = outlineScene(sampleOf([planted(10, { title: 'primary', holds: [1] }), ...children], [listener(1)]), 640);
    expect(marks.map(({ id }) => id)).toEqual(['socket-1', 'process-10', 'process-11', 'process-12', 'process-13', 'more-14']);
    expect(marks.at(-1)!.name).toBe('17 more processes like these: served. 17 have socket A and 17 wait there. The table has each.');
  });
});

describe('the last minute', () => {
  it.each([296, 640, 1160])('keeps its labels apart and inside %d px', (width) => {
    const scene = curvesScene(minute(), 500, width);
    expect(overlaps(scene)).toEqual([]);
    expect(outside(scene)).toEqual([]);
  });

  it('has a bar a sample and nothing in a gap', () => {
    const scene = curvesScene([...Array.from({ length: 3 }, (_, i) => ({ takenAtMs: 1000 * i, acceptQueue: 2, connections: 0, cpuShare: null, memoryBytes: 1 })), { takenAtMs: 30_000, acceptQueue: 4, connections: 0, cpuShare: 0.5, memoryBytes: 1 }], 1000, 600);
    const [bars] = [...placedShapes(scene)].flatMap(({ shape }) => (shape.kind === 'path' && shape.role === 'sample' ? [shape] : []));
    expect(bars!.points).toHaveLength(16);
    const xs = bars!.points.map(([x]) => Math.round(x));
    expect(Math.max(...xs)).toBe(600);
    // From 2 s to 29 s, 10 px a second back from 30 s at 600 px, there is no bar.
    expect(xs.filter((x) => x > 320 && x < 590)).toEqual([]);
    expect(scene.marks.find(({ id }) => id === 'curve-cpu')!.name).toBe('processor: 50 % of a core. Least 50 % of a core, most 50 % of a core, of 1 sample in the last 60 s.');
  });

  it('says so where there is no sample', () => {
    expect(curvesScene([], 500, 296).marks[0]!.name).toContain('no sample yet');
  });
});

it.each([
  [0, '0 ms ago'],
  [249, '200 ms ago'],
  [3440, '3.4 s ago'],
  [45_000, '45 s ago'],
  [125_000, '2 min ago'],
])('an age of %d ms is %s', (ageMs, words) => {
  expect(ageWords(ageMs)).toBe(words);
});
