import type { CubicState } from './cubicState.ts';
import type { TcpSocket } from './socket.ts';
import { HZ, jiffiesFromUs } from './units.ts';

/** Windows shrink to 717/1024 (0.7); C is 0.4; a window of Reno with that factor grows by 1/(15/8) segment per window of ACKs. */
const BETA = 717 / 1024;
const SCALE = 410;
const RENO_SCALE = 15;
const UNITS_PER_SECOND = 1024;

/** HyStart: from this window on, with this many samples a round, ACKs of one train at most this far apart. */
const HYSTART_LOW_WINDOW = 16;
const HYSTART_SAMPLES = 8;
const HYSTART_ACK_DELTA_US = 2000;
const HYSTART_DELAY_MIN_US = 4000;
const HYSTART_DELAY_MAX_US = 16_000;

/** bictcp_reset. */
export function cubicState(socket: TcpSocket): CubicState {
  return {
    lastMax: 0, lastCwnd: 0, lastTime: 0, epochStart: 0, origin: 0, k: 0, perSegment: 0, renoCwnd: 0, renoAcks: 0, delayMinUs: 0,
    roundStartUs: socket.nowUs, lastAckUs: socket.nowUs, roundEnd: socket.sndNxt, roundRttUs: Infinity, samples: 0, found: false,
  };
}

/** The threshold after a loss; a second loss below the last window leaves room for others (cubictcp_recalc_ssthresh). */
export function cubicSsthresh(socket: TcpSocket, state: CubicState): number {
  const cwnd = socket.sndCwnd;
  state.epochStart = 0;
  state.lastMax = cwnd < state.lastMax ? Math.floor((cwnd * (1 + BETA)) / 2) : cwnd;
  return Math.max(Math.floor(cwnd * BETA), 2);
}

/** Data is sent after a pause, which does not count as time of growth (CA_EVENT_TX_START). */
export function cubicResumes(socket: TcpSocket, state: CubicState): void {
  const idle = socket.jiffies - socket.lsndtime;
  if (state.epochStart && idle > 0) state.epochStart = Math.min(state.epochStart + idle, socket.jiffies);
}

/** How many segments must be acknowledged for the window to grow by one (bictcp_update). */
export function cubicWidth(socket: TcpSocket, state: CubicState, acked: number): number {
  const cwnd = socket.sndCwnd;
  const now = socket.jiffies;
  state.renoAcks += acked;
  if (state.lastCwnd === cwnd && now - state.lastTime <= Math.floor(HZ / 32)) return state.perSegment;
  if (!state.epochStart || now !== state.lastTime) followCurve(socket, state, acked);
  const perRenoSegment = Math.floor((cwnd * RENO_SCALE) / 8);
  const grown = Math.ceil(state.renoAcks / perRenoSegment) - 1;
  if (grown > 0) {
    state.renoAcks -= grown * perRenoSegment;
    state.renoCwnd += grown;
  }
  if (state.renoCwnd > cwnd) state.perSegment = Math.min(state.perSegment, Math.floor(cwnd / (state.renoCwnd - cwnd)));
  state.perSegment = Math.max(state.perSegment, 2);
  return state.perSegment;
}

/** Where the cubic curve through the last maximum is one round trip from now. */
function followCurve(socket: TcpSocket, state: CubicState, acked: number): void {
  const cwnd = socket.sndCwnd;
  const now = socket.jiffies;
  state.lastCwnd = cwnd;
  state.lastTime = now;
  if (!state.epochStart) {
    state.epochStart = now;
    state.renoAcks = acked;
    state.renoCwnd = cwnd;
    state.origin = Math.max(state.lastMax, cwnd);
    state.k = Math.floor(Math.cbrt((2 ** 40 / SCALE) * (state.origin - cwnd)));
  }
  const t = Math.floor(((now - state.epochStart + jiffiesFromUs(state.delayMinUs)) * UNITS_PER_SECOND) / HZ);
  const away = Math.abs(t - state.k);
  const distance = Math.floor((SCALE * (away * away * away)) / 2 ** 40);
  const target = t < state.k ? state.origin - distance : state.origin + distance;
  state.perSegment = target > cwnd ? Math.floor(cwnd / (target - cwnd)) : 100 * cwnd;
  if (!state.lastMax) state.perSegment = Math.min(state.perSegment, 20);
}

/** A round trip was measured: HyStart leaves slow start where a train of ACKs or the delay grows long (cubictcp_acked, hystart_update). */
export function cubicSample(socket: TcpSocket, state: CubicState, rttUs: number): void {
  if (rttUs < 0 || (state.epochStart && socket.jiffies - state.epochStart < HZ)) return;
  const delay = Math.max(rttUs, 1);
  state.delayMinUs = Math.min(state.delayMinUs || delay, delay);
  if (state.found || socket.sndCwnd >= socket.sndSsthresh) return;
  const now = socket.nowUs;
  if (socket.sndUna > state.roundEnd) {
    state.roundStartUs = state.lastAckUs = now;
    state.roundEnd = socket.sndNxt;
    state.roundRttUs = Infinity;
    state.samples = 0;
  }
  if (socket.sndCwnd < HYSTART_LOW_WINDOW) return;
  if (now - state.lastAckUs <= HYSTART_ACK_DELTA_US) {
    state.lastAckUs = now;
    const gathered = Math.min(1000, Math.floor((socket.host.settings.gsoMaxSize * 4_000_000) / socket.pacingRate));
    if (now - state.roundStartUs > (state.delayMinUs + gathered) >> 1) leaveSlowStart(socket, state);
  }
  state.roundRttUs = Math.min(state.roundRttUs, delay);
  if (state.samples < HYSTART_SAMPLES) state.samples++;
  else {
    const margin = Math.min(Math.max(state.delayMinUs >> 3, HYSTART_DELAY_MIN_US), HYSTART_DELAY_MAX_US);
    if (state.roundRttUs > state.delayMinUs + margin) leaveSlowStart(socket, state);
  }
}

function leaveSlowStart(socket: TcpSocket, state: CubicState): void {
  state.found = true;
  socket.sndSsthresh = socket.sndCwnd;
}
