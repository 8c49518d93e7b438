const MOST_BATCHES = 128;
const FEWEST_BATCHES = 30;
/** Below this many observations a batch says little; then there are fewer batches. */
const WISHED_BATCH_SIZE = 8;

/**
 * The half-width of the 95 % confidence interval of the mean of a correlated series, by batch means: 128 batches (as few as 30 for
 * short series). Neighbouring batches of a busy queue are still correlated: at a load of 0.95, 10⁶ waits are only about 650
 * independent ones. The variance of their mean is therefore γ₀ + 2γ₁ over the number of batches (γ₁: covariance of neighbours, where
 * positive), which removes the 1/size part of the bias that plain batch means have. Null below 30 observations.
 */
export function halfWidth95(series: Float64Array): number | null {
  if (series.length < FEWEST_BATCHES) return null;
  const batches = Math.min(MOST_BATCHES, Math.max(FEWEST_BATCHES, Math.floor(series.length / WISHED_BATCH_SIZE)));
  const means = batchMeans(series, batches);
  const mean = means.reduce((sum, value) => sum + value, 0) / batches;
  let squares = 0;
  let products = 0;
  for (let i = 0; i < batches; i++) {
    const deviation = (means[i] as number) - mean;
    squares += deviation * deviation;
    if (i > 0) products += deviation * ((means[i - 1] as number) - mean);
  }
  const variance = (squares + 2 * Math.max(0, products)) / (batches - 1);
  return studentQuantile975(batches - 1) * Math.sqrt(variance / batches);
}

/** The means of equal batches; what is left over at the start, less than one batch, is left out. */
function batchMeans(series: Float64Array, batches: number): Float64Array {
  const size = Math.floor(series.length / batches);
  const means = new Float64Array(batches);
  let at = series.length - size * batches;
  for (let batch = 0; batch < batches; batch++) {
    let sum = 0;
    for (let i = 0; i < size; i++) sum += series[at++] as number;
    means[batch] = sum / size;
  }
  return means;
}

/** Student's t at 0.975, by its expansion about the normal quantile (Abramowitz and Stegun 26.7.5); within 0.0002 from 29 degrees of freedom on. */
function studentQuantile975(freedom: number): number {
  const z = 1.959963984540054;
  const z3 = z * z * z;
  return z + (z3 + z) / (4 * freedom) + (5 * z3 * z * z + 16 * z3 + 3 * z) / (96 * freedom * freedom);
}
