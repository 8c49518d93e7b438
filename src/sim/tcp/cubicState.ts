/** What CUBIC remembers of a connection (struct bictcp; RFC 9438). Windows in segments, times in microseconds unless said. */
export interface CubicState {
  /** The window at the last reduction, where growth flattens; 0 before any. */
  lastMax: number;
  lastCwnd: number;
  /** Jiffy of the last calculation, and of the start of this growth; 0 for none. */
  lastTime: number;
  epochStart: number;
  origin: number;
  /** How long from the start of growth until `origin`, in 1/1024 s. */
  k: number;
  /** ACKed segments per segment of growth. */
  perSegment: number;
  /** What Reno would have grown to, and the ACKs not yet counted there. */
  renoCwnd: number;
  renoAcks: number;
  delayMinUs: number;
  roundStartUs: number;
  lastAckUs: number;
  roundEnd: number;
  roundRttUs: number;
  samples: number;
  /** HyStart found the end of slow start. */
  found: boolean;
}
