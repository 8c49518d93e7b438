import { describe, expect, it } from 'vitest';
import { formatNumber, formatTime, plural, withUnit } from '../../../webview/format.ts';
import { limitsOf } from '../../../webview/diagram/limits.ts';
import { createPlayer } from '../../../webview/player/player.ts';
import { takeaway } from '../../../webview/player/takeaway.ts';
import { momentsOf } from '../../../webview/player/timeline.ts';
import { describe as say, stateLine } from '../../../webview/player/words.ts';
import { agreement } from '../../../webview/steps/run.tsx';
import { readNumber } from '../../../webview/steps/readNumber.ts';
import type { Comparison } from '../../../src/shared/report.ts';
import type { TraceDetail } from '../../../src/shared/trace.ts';
import { burstTrace, type Burst } from './sampleTrace.ts';

const LIMITS = limitsOf({ backlog: 4 }, 4096);
const LOOPBACK: Burst = { clients: 8, backlog: 4, delayMs: 0, acceptAtMs: 1500, endMs: 4000 };

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.70312, '0.703'],
    [12.44, '12.4'],
    [3040.4, '3,040'],
    [-2, '−2'.replace('−', '-')],
    [128, '128'],
    [99.96, '100'],
  ])('%d is written %s', (value, text) => {
    expect(formatNumber(value)).toBe(text);
  });

  it.each([
    [0, '0 ms'],
    [640, '640 ns'],
    [12_000, '12 µs'],
    [703_000, '0.703 ms'],
    [1.0234e9, '1.02 s'],
  ])('%d ns is written %s', (timeNs, text) => {
    expect(formatTime(timeNs)).toBe(text);
  });

  it('agree with their nouns', () => {
    expect([plural(1, 'client'), plural(0, 'client'), plural(1200, 'drop')]).toEqual(['1 client', '0 clients', '1,200 drops']);
    expect([withUnit(null, 'ms'), withUnit(4, ''), withUnit(4, 'ms')]).toEqual(['none', '4', '4 ms']);
  });
});

describe('a typed number', () => {
  const range = { minimum: 0, maximum: 8, unit: 'clients' };
  it.each([
    ['5', 5],
    [' 2.5 ', 2.5],
    ['2,5', 2.5],
    ['0', 0],
  ])('%j is read', (text, value) => {
    expect(readNumber(text, range)).toEqual({ value });
  });

  it.each([
    ['', 'Type a number, or skip this question.'],
    ['five', '"five" is not a number. Type digits only.'],
    ['9', 'Type a number from 0 to 8 clients.'],
    ['-1', 'Type a number from 0 to 8 clients.'],
  ])('%j is answered with what may be typed', (text, problem) => {
    expect(readNumber(text, range)).toEqual({ problem });
  });
});

describe('sentences of events', () => {
  it.each<[string, string, number, TraceDetail, string]>([
    ['segment', 'client:c6', 0, { flags: 'S', len: 0, arriveNs: 5 }, 'c6 sends SYN'],
    ['segment', 'server:c6', 0, { flags: 'S.', len: 0, arriveNs: 5 }, 'The server sends c6 SYN/ACK'],
    ['segment', 'client:c6', 0, { flags: 'S', len: 0, arriveNs: null }, 'c6 sends SYN, which is lost on the way'],
    ['segment', 'server:c6', 0, { flags: 'R.', len: 0, arriveNs: 5 }, 'The server sends c6 RST'],
    ['segment', 'client:c6', 5, { flags: 'P.', len: 5, arriveNs: 5 }, 'c6 sends 5 B'],
    ['syn-dropped', 'client:c6', 0, { reason: 'accept-queue-full' }, 'c6 is turned away: accept queue full'],
    ['syn-dropped', 'client', 0, { reason: 'accept-queue-full' }, 'A client is turned away: accept queue full'],
    ['connect-failed', 'client:c6', 0, { error: 'ETIMEDOUT' }, "c6's connect() fails: ETIMEDOUT"],
    ['accepted', 'server:c6', 21, {}, 'accept() takes c6 as descriptor 21'],
    ['timer-fired', 'client:c6', 0, { timer: 'syn' }, "c6's timer fires: it tries its SYN again"],
  ])('%s of %s', (kind, entity, value, detail, sentence) => {
    expect(say({ timeNs: 0, kind, entity, value, detail })).toBe(sentence);
  });

  it('tell of the event that a step is about, and how things stand', () => {
    const trace = burstTrace(LOOPBACK);
    const player = createPlayer(trace);
    const moments = momentsOf([trace]);
    const drop = moments.findIndex(({ rows }) => player.at(rows[0] as number).dropped['accept-queue-full'] === 1);
    const line = stateLine(trace, player.at(moments[drop]?.rows[0] as number), moments[drop - 1]?.rows[0] as number);
    expect(line).toBe('0.15 ms: c6 is turned away: accept queue full. SYN queue 0, accept queue 5, 5 of 8 clients connected, 1 dropped.');
    expect(stateLine(trace, player.at(0), 0)).toBe('0 ms: nothing has happened yet. SYN queue 0, accept queue 0, 0 of 8 clients connected.');
  });
});

describe('what there is to remember', () => {
  it('says who waited, and that the timer decides', () => {
    expect(takeaway(burstTrace(LOOPBACK), LIMITS)).toBe(
      '5 of 8 clients connected at once, 3 only after 2.02 s. The accept queue was full 6 times: backlog 4 makes room for 5, and who is turned away comes back only when its own timer fires.',
    );
  });

  it('says where there was room for all', () => {
    expect(takeaway(burstTrace({ ...LOOPBACK, backlog: 16 }), limitsOf({ backlog: 16 }, 4096))).toBe('All 8 clients connected at once. Nothing was turned away: backlog 16 makes room for 17.');
  });

  it('says who only believes to be connected', () => {
    const trace = burstTrace({ ...LOOPBACK, delayMs: 10, acceptAtMs: null, endMs: 900 });
    expect(takeaway(trace, LIMITS)).toMatch(/3 clients only believe they are connected: the server has no connection for them\.$|still wait/);
  });

  it('names what differs from the prediction', () => {
    const row = (label: string, outcome: Comparison['outcome']): Comparison => ({ quantity: 'q', label, unit: '', predicted: 1, measured: 1, error: 0, tolerance: 0, outcome, why: '' });
    expect(agreement([row('A', 'agrees'), row('B', 'differs'), row('C', 'not-available')])).toBe('1 of 2 numbers agree; what differs: B.');
    expect(agreement([row('A', 'agrees'), row('B', 'agrees')])).toBe('The real run did what was predicted: all 2 numbers agree.');
    expect(agreement([row('C', 'not-available')])).toBe('Nothing could be compared on this machine.');
    expect(agreement([row('A', 'agrees'), row('B', 'unfit-machine'), row('C', 'unfit-machine')])).toBe('The one number that could be compared agrees. This machine was too busy to decide 2 more: run it again.');
    expect(agreement([row('A', 'differs'), row('B', 'unfit-machine')])).toBe('0 of 1 numbers agree; what differs: A. This machine was too busy to decide one more: run it again.');
  });
});

describe('the room in a queue', () => {
  it('is backlog + 1, capped in silence, with 511 for 0 as Node has it', () => {
    expect(limitsOf({ backlog: 4 }, 4096).acceptQueue).toBe(5);
    expect(limitsOf({ backlog: 100 }, 4).acceptQueue).toBe(5);
    expect(limitsOf({ backlog: 0 }, 4096).acceptQueue).toBe(512);
    expect(limitsOf({}, 4096).acceptQueue).toBeNull();
  });
});
