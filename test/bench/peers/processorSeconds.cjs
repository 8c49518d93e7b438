const { readFileSync } = require('node:fs');

/**
 * For how many seconds this thread has had a processor: proc(5), /proc/PID/schedstat. The kernel brings that up to date when the
 * thread sleeps, so it does for a moment.
 */
exports.processorSeconds = () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
  return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e9;
};
