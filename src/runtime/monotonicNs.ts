/** The monotonic clock in nanoseconds; the processes of one machine share it. */
export function monotonicNs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e9 + nanoseconds;
}
