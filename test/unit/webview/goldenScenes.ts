import { simulateFork } from '../../../src/sim/memory/simulate.ts';
import { acceptQueueScene } from '../../../webview/diagram/acceptQueueScene.ts';
import { simulateThreads } from '../../../src/sim/threads/simulate.ts';
import { withGhosts } from '../../../webview/diagram/ghosts.ts';
import { buffersOf } from '../../../webview/diagram/buffers.ts';
import { buffersScene } from '../../../webview/diagram/buffersScene.ts';
import { coresOf } from '../../../webview/diagram/cores.ts';
import { coresScene } from '../../../webview/diagram/coresScene.ts';
import { copyOnWriteOf } from '../../../webview/diagram/copyOnWrite.ts';
import { copyOnWriteScene } from '../../../webview/diagram/copyOnWriteScene.ts';
import { eventLoopOf } from '../../../webview/diagram/eventLoop.ts';
import { eventLoopScene } from '../../../webview/diagram/eventLoopScene.ts';
import { interleavingsOf, stateAt, type Interleaving } from '../../../webview/diagram/interleavings.ts';
import { interleavingsScene } from '../../../webview/diagram/interleavingsScene.ts';
import { ladderOf } from '../../../webview/diagram/ladder.ts';
import { ladderScene } from '../../../webview/diagram/ladderScene.ts';
import { knowledgeOf, limitsOf } from '../../../webview/diagram/limits.ts';
import { intentsScene } from '../../../webview/diagram/intentsScene.ts';
import { intentsOf } from '../../../webview/diagram/retries.ts';
import { retriesScene } from '../../../webview/diagram/retriesScene.ts';
import { backendsOf } from '../../../webview/diagram/patterns.ts';
import { patternsScene } from '../../../webview/diagram/patternsScene.ts';
import type { Scene } from '../../../webview/diagram/scene.ts';
import { beatMoments } from '../../../webview/player/beatMoments.ts';
import { createPlayer } from '../../../webview/player/player.ts';
import { momentsOf } from '../../../webview/player/timeline.ts';
import { curvesScene } from '../../../webview/xray/curvesScene.ts';
import { outlineScene } from '../../../webview/xray/outlineScene.ts';
import { connectScene } from '../../../webview/plot/connectScene.ts';
import { coresPlotScene, gutterOf } from '../../../webview/plot/coresPlotScene.ts';
import { depthScene } from '../../../webview/plot/depthScene.ts';
import { guessScene } from '../../../webview/plot/guessScene.ts';
import { latencyScene } from '../../../webview/plot/latencyScene.ts';
import { LOOP_GUTTER, loopScene } from '../../../webview/plot/loopScene.ts';
import { highestOf, SEQUENCE_GUTTER, sequenceScene } from '../../../webview/plot/sequenceScene.ts';
import { timeScale } from '../../../webview/plot/timeScale.ts';
import { minute, SAMPLES } from '../xray/snapshots.ts';
import { stallTrace } from './ladderTrace.ts';
import { loopTrace, measuredLoop, type Load } from './loopTraces.ts';
import { familyTrace, measuredFamily, type Family } from './schedulingTrace.ts';
import { busiestIntent, retryTrace } from './retriesTrace.ts';
import { burstTrace, measuredFrom, type Burst } from './sampleTrace.ts';
import { serversTrace } from './serversTrace.ts';
import { stoppedReader, type Stopped } from './stoppedReader.ts';

const BURST: Burst = { clients: 8, backlog: 4, delayMs: 10, acceptAtMs: 1500, endMs: 4000, lost: ['c2'] };
const LIMITS = limitsOf({ backlog: 4 }, 4096);
const STOPPED: Stopped = { mss: 1460, buffer: 20_000, written: 60_000, delayMs: 5, readSize: 700, readAtMs: 300, endMs: 600 };
const BLOCKED: Load = { every: 25, cheaps: 40, heavyMs: 300, heavies: 1, heavyEvery: 400, ioMs: 0 };
const FAMILY: Family = { threads: 4, children: 4, cores: 1, quantum: 4, longMs: 100, shortMs: 10, ioMs: 0, adds: 1000, policy: 'fair', name: 't' };
const INCREMENTS = { A: ['load r x', 'add r 1', 'store x r'], B: ['load r x', 'add r 1', 'store x r'] };
const TRANSFERS = { A: ['lock a', 'lock b', 'unlock b', 'unlock a'], B: ['lock b', 'lock a', 'unlock a', 'unlock b'] };
const REASONS = ['accept-queue-full', 'syn-queue-full', 'lost'] as const;

/** The accept-queue picture of a burst when a share of its events has happened. */
export function pictureAt(burst: Burst, share: number, width: number): Scene {
  const trace = burstTrace(burst);
  const frame = createPlayer(trace).at(Math.round(share * trace.timeNs.length));
  return acceptQueueScene(frame, { width, limits: limitsOf({ backlog: burst.backlog }, 4096), knows: knowledgeOf(trace), reasons: REASONS });
}

/** The pictures that are kept, by the name of their file in test/golden/panel. */
export const GOLDEN_SCENES: Readonly<Record<string, () => Scene>> = {
  'accept-queue-empty-296': () => pictureAt(BURST, 0, 296),
  'accept-queue-handshakes-640': () => pictureAt(BURST, 0.25, 640),
  'accept-queue-overflow-296': () => pictureAt(BURST, 0.55, 296),
  'accept-queue-accepted-640': () => pictureAt(BURST, 1, 640),
  'accept-queue-140-clients-296': () => pictureAt({ clients: 140, backlog: 128, delayMs: 0.05, acceptAtMs: 400, endMs: 1500 }, 0.7, 296),
  'accept-queue-measured-296': () => {
    const trace = measuredFrom(burstTrace(BURST));
    const frame = createPlayer(trace).atTime(1400e6);
    return acceptQueueScene(frame, { width: 296, limits: LIMITS, knows: knowledgeOf(trace), reasons: ['accept-queue-full'] });
  },
  'accept-queue-ghosts-640': () => withGhosts(pictureAt(BURST, 0.3, 640), pictureAt(BURST, 0.4, 640)),
  'depth-by-event-296': () => depth(296, 'events'),
  'depth-to-scale-1200': () => depth(1200, 'time'),
  'depth-predicted-and-measured-640': () => {
    const trace = burstTrace(BURST);
    const measured = measuredFrom(burstTrace({ ...BURST, acceptAtMs: 1540 }));
    return depthScene([trace, measured], { width: 640, limits: LIMITS, moments: momentsOf([trace, measured]), axis: 'events' }).scene;
  },
  'connect-times-640': () => connectScene(burstTrace(BURST), measuredFrom(burstTrace({ ...BURST, acceptAtMs: null })), 640),
  'ladder-wait-296': () => ladder(10, 296, 'events'),
  'ladder-over-640': () => ladder(14, 640, 'events'),
  'ladder-to-scale-400': () => ladder(10, 400, 'time'),
  'retries-charged-again-296': () => retries({ reply_loss: 0.3, request_loss: 0.1, key: false, seed: 6 }, 1, 296, 'events'),
  'retries-underway-640': () => retries({ reply_loss: 0.3, request_loss: 0.1, key: true, seed: 6 }, 0.6, 640, 'events'),
  'retries-forgotten-400': () => retries({ reply_loss: 0.1, request_loss: 0.1, key: true, crash_before_reply: 0.3, store_survives_crash: false, seed: 3 }, 1, 400, 'events'),
  'retries-to-scale-296': () => retries({ reply_loss: 0, request_loss: 0, key: true, key_recorded: 'with-reply', timeout_ms: 100, service_ms: 150, seed: 1 }, 0.7, 296, 'time'),
  'intents-underway-296': () => intents({ reply_loss: 0.3, seed: 6 }, 296, 260),
  'intents-over-480': () => intents({ reply_loss: 0.3, seed: 6, max_attempts: 2 }, 480, 2000),
  'latencies-296': () =>
    latencyScene(
      [
        { quantity: 'pieces', label: 'A request in two writes', unit: 'ms', predicted: 44, measured: 43.8, error: -0.2, tolerance: 8, outcome: 'agrees', why: '', wrongModel: { name: 'What is written leaves at once', predicted: 0.02, exposed: true } },
        { quantity: 'five-thousand', label: '5000 bytes in one write', unit: 'ms', predicted: 0.03, measured: null, error: null, tolerance: 8, outcome: 'not-available', why: 'Needs a private network namespace.', wrongModel: { name: 'RFC 896', predicted: 42, exposed: false } },
      ],
      296,
    ),
  'throughputs-296': () =>
    latencyScene(
      [{ quantity: 'throughput-2', label: 'Answers a second with 2 workers', unit: 'answers/s', predicted: 100, measured: 86.9, error: -13.1, tolerance: 20, outcome: 'agrees', why: '', wrongModel: { name: 'One core is shared by all workers', predicted: 50, exposed: true } }],
      296,
      'answers/s',
    ),
  'buffers-flying-640': () => buffers(STOPPED, 8, 640),
  'buffers-shut-296': () => buffers(STOPPED, 250, 296),
  'buffers-unseen-296': () => buffers({ ...STOPPED, blind: true }, 250, 296),
  'sequence-by-event-640': () => sequence({ ...STOPPED, lost: 8 }, 640, 'events'),
  'sequence-to-scale-296': () => sequence(STOPPED, 296, 'time'),
  'event-loop-blocked-296': () => loopPicture(BLOCKED, 300, 296),
  'event-loop-away-640': () => loopPicture({ ...BLOCKED, ioMs: 100 }, 300, 640),
  'loop-640': () => loopTurns(BLOCKED, 640, false),
  'loop-measured-296': () => loopTurns({ ...BLOCKED, ioMs: 100 }, 296, true),
  'cores-one-296': () => coresScene(coresOf(familyTrace(FAMILY)), { width: 296, timeNs: 30e6 }),
  'cores-four-measured-640': () => coresScene(coresOf(measuredFamily(familyTrace({ ...FAMILY, cores: 4 }))), { width: 640, timeNs: 30e6 }),
  'ran-with-sleep-296': () => ran({ ...FAMILY, ioMs: 20 }, 296),
  'ran-two-cores-640': () => ran({ ...FAMILY, cores: 2 }, 640),
  'xray-nginx-1160': () => outlineScene(SAMPLES.nginx(), 1160),
  'xray-reuse-port-296': () => outlineScene(SAMPLES.reusePort(), 296),
  'xray-not-permitted-640': () => outlineScene(SAMPLES.notPermitted(), 640),
  'xray-curves-296': () => curvesScene(minute(), 500, 296),
  'copy-on-write-before-296': () => copies({ pages: 12, count: 14, pattern: 'sequential' }, -1, 296),
  'copy-on-write-steps-296': () => copies({ pages: 12, count: 14, pattern: 'sequential' }, 5, 296),
  'copy-on-write-runs-640': () => copies({ pages: 16_384, count: 8192, pattern: 'uniform' }, 200, 640),
  'interleaving-lost-update-296': () => interleaving(INCREMENTS, 4, 296),
  'interleaving-deadlock-560': () => interleaving(TRANSFERS, 2, 560),
  'patterns-primary-296': () => server(1, 0.55, 296),
  'patterns-thread-pool-640': () => server(3, 0.7, 640),
  'guess-296': () =>
    guessScene({ id: 'g', question: '', unit: 'clients', minimum: 0, maximum: 8, said: 4, recalled: { simulated: 5, measured: 5, because: '' } }, 296),
};

function copies({ pages, count, pattern }: { pages: number; count: number; pattern: 'sequential' | 'uniform' }, beat: number, width: number): Scene {
  const cow = copyOnWriteOf(simulateFork({ kind: 'fork', pages, writes: { count, pattern, seed: 1 } }).trace);
  return copyOnWriteScene(cow.at(cow.beats[Math.min(beat, cow.beats.length - 1)]?.rows ?? 0), cow, { width });
}

function loopPicture(load: Load, ms: number, width: number): Scene {
  const trace = loopTrace(load);
  const loop = eventLoopOf(trace);
  const state = loop.at(trace.timeNs.filter((timeNs) => timeNs <= ms * 1e6).length, ms * 1e6);
  return eventLoopScene(state, loop, { width, mostWaiting: loop.mostWaiting, mostInIo: loop.mostInIo });
}

function loopTurns(load: Load, width: number, real: boolean): Scene {
  const trace = real ? measuredLoop(loopTrace(load)) : loopTrace(load);
  const loop = eventLoopOf(trace);
  const scale = timeScale(beatMoments([{ trace, beats: loop.beats }]), 'time', LOOP_GUTTER, width - 8);
  return loopScene(loop, { width, scale, mostWaiting: loop.mostWaiting });
}

function interleaving(threads: Readonly<Record<string, string[]>>, steps: number, width: number): Scene {
  const [order] = interleavingsOf(simulateThreads({ kind: 'threads', memory: { x: 0 }, threads }).trace) as [Interleaving];
  return interleavingsScene(order, { width, state: stateAt(order, order.steps[steps - 1]?.row ?? 0) });
}

function server(which: number, share: number, width: number): Scene {
  const trace = serversTrace();
  const all = backendsOf(trace);
  const row = Math.round(share * trace.timeNs.length);
  return patternsScene(all.backends[which]!, all, { width, row, timeNs: trace.timeNs[row - 1] ?? 0 });
}

function depth(width: number, axis: 'events' | 'time'): Scene {
  const trace = burstTrace(BURST);
  return depthScene([trace], { width, limits: LIMITS, moments: momentsOf([trace]), axis }).scene;
}

function retries(change: object, share: number, width: number, axis: 'events' | 'time'): Scene {
  const { intent, trace, told } = busiestIntent(change);
  return retriesScene(told, { width, intent, axis, row: Math.round(share * trace.timeNs.length) });
}

function intents(change: object, width: number, ms: number): Scene {
  const [simulated, other] = [change, { ...change, key: true }].map((scenario) => intentsOf(retryTrace({ intents: 20, ...scenario }).trace));
  return intentsScene(simulated!, { width, timeNs: ms * 1e6, played: { intent: 4, row: Infinity }, expected: other! });
}

function ladder(row: number, width: number, axis: 'events' | 'time'): Scene {
  const trace = stallTrace();
  return ladderScene(ladderOf(trace), { width, conn: 'c', axis, timeNs: trace.timeNs[row - 1] ?? 0, row });
}

function buffers(stopped: Stopped, ms: number, width: number): Scene {
  const told = buffersOf(stoppedReader(stopped), 'c1');
  return buffersScene(told.at(Infinity, ms * 1e6), told, { width, room: told.room });
}

function sequence(stopped: Stopped, width: number, axis: 'events' | 'time'): Scene {
  const trace = stoppedReader(stopped);
  const told = buffersOf(trace, 'c1');
  return sequenceScene(told, { width, scale: timeScale(beatMoments([{ trace, beats: told.beats }]), axis, SEQUENCE_GUTTER, width - 8), highest: highestOf([told]) });
}

function ran(family: Family, width: number): Scene {
  const trace = familyTrace(family);
  const cores = coresOf(trace);
  return coresPlotScene(cores, { width, scale: timeScale(beatMoments([{ trace, beats: cores.beats }]), 'time', gutterOf([cores]), width - 8), longestQueue: cores.longestQueue });
}
