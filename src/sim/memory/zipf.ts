import type { RandomStream } from '../engine/random.ts';

/**
 * Ranks from 1 to `count` with probability in proportion to rank^-exponent, exactly, in constant time and memory: rejection
 * inversion (Hörmann and Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", 1996).
 * The area under x^-exponent over [k - ½, k + ½] covers the bar of rank k, since the curve is convex; a point under the curve
 * is drawn by inverting its integral, and kept where it falls within the bar.
 */
export class ZipfSampler {
  private readonly low: number;
  private readonly high: number;

  constructor(
    private readonly count: number,
    private readonly exponent: number,
  ) {
    // The bar of rank 1 needs no curve: the area is begun so that exactly 1, its height, belongs to it.
    this.low = this.area(1.5) - 1;
    this.high = this.area(count + 0.5);
  }

  rank(stream: RandomStream): number {
    for (;;) {
      const point = stream.uniform(this.low, this.high);
      const rank = Math.min(this.count, Math.max(1, Math.round(this.areaInverse(point))));
      if (rank === 1 || point >= this.area(rank + 0.5) - Math.exp(-this.exponent * Math.log(rank))) return rank;
    }
  }

  /** The integral of x^-exponent from 1; by expm1, which stays exact as the exponent nears 1. */
  private area(x: number): number {
    const logX = Math.log(x);
    const t = (1 - this.exponent) * logX;
    return t === 0 ? logX : (Math.expm1(t) / t) * logX;
  }

  private areaInverse(area: number): number {
    const t = area * (1 - this.exponent);
    if (t === 0) return Math.exp(area);
    return Math.exp((Math.log1p(Math.max(t, -1)) / t) * area);
  }
}
