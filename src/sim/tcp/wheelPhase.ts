/** Boundaries that are known already, and that coarser ones coincide with. */
interface KnownBoundaries {
  readonly unitNs: number;
  readonly boundaryNs: number;
}

/**
 * Where boundaries `unitNs` apart most probably lie, given what waits for them: with every phase equally likely, a boundary falls
 * into the widest gap between successive moments with the greatest probability, and in its middle it is nearest to all phases there.
 * @returns one boundary, nanoseconds; it coincides with one of `known`
 */
export function likeliestPhase(dueNs: readonly number[], unitNs: number, known: KnownBoundaries | undefined): number {
  const spots = [...new Set(dueNs.map((due) => ((due % unitNs) + unitNs) % unitNs))].sort((a, b) => a - b);
  let widest = -1;
  let after = 0;
  spots.forEach((spot, index) => {
    const next = index + 1 < spots.length ? (spots[index + 1] as number) : (spots[0] as number) + unitNs;
    if (next - spot <= widest) return;
    widest = next - spot;
    after = spot;
  });
  const middle = after + Math.floor(widest / 2);
  if (!known) return middle;
  return known.boundaryNs + Math.round((middle - known.boundaryNs) / known.unitNs) * known.unitNs;
}
