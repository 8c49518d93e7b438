import { experiment, type ExperimentContext } from 'backend-labs/kit';

/** As long as the simulated scenario, so that both see the same SYN retransmissions. */
const UNTIL_MS = 5500;
/** Between two looks at the kernel's tables. */
const SAMPLE_MS = 5;
/** Between the beginning of the busy loop and the first client. */
const LEAD_MS = 50;
/** When the first client connects, in ms: not at 0, so that no client of a slider's round value ties with the end of the busy loop. */
const FIRST_MS = 2;
/** After the last client: for the loop to accept, and the last sample to see it. */
const SETTLE_MS = 60;

/**
 * A server whose loop is busy for `busy` ms from time 0 on, and clients that connect meanwhile. The clients and the
 * samples of the kernel's tables are in a process whose own loop is free.
 */
export default experiment(async (lab) => {
  const { clients = 8, spacing = 0, busy = 1500 } = lab.values;
  lab.progress('Starting the server', 0);
  const server = await lab.startServer();
  // The loop is busy from a moment before time 0 on, so that the clients start at time 0 however late this process hears of it.
  const blockedNs = await server.blockLoop(LEAD_MS + busy);
  lab.start(blockedNs + LEAD_MS * 1e6);
  const sampling = lab.sampleListenQueue(server.port, SAMPLE_MS);
  const drops = watchDrops(lab);
  await lab.until(FIRST_MS);
  lab.progress(`${clients} clients connect while the loop is busy for ${busy} ms`, 0.1);
  const group = lab.connectClients({ port: server.port, count: clients, everyMs: spacing, timeoutMs: UNTIL_MS });
  try {
    const done = Promise.all([group.settled, lab.until(busy)]).then(() => lab.until(lab.nowNs() / 1e6 + SETTLE_MS));
    await Promise.race([done, lab.until(UNTIL_MS).catch(() => undefined)]);
    drops.stop();
    sampling.stop();
    lab.progress('Asking the server whom it accepted', 0.9);
    await server.recordAccepted(group);
  } finally {
    group.close();
    await server.stop();
  }
});

/** The kernel's counters of what a full queue dropped. */
const DROPS = { ListenOverflows: 'accept-queue-full', TCPReqQFullDrop: 'syn-queue-full' } as const;

/** Records a dropped SYN for each that the kernel's own counters count; which client's it was, they do not say. */
function watchDrops(lab: ExperimentContext): { stop(): void } {
  let seen = lab.readCounters();
  if (seen === null) {
    lab.note('Dropped SYNs are not available: this system has no /proc/net/netstat to count them in.');
    return { stop: () => undefined };
  }
  const look = (): void => {
    const now = lab.readCounters() ?? seen;
    for (const [counter, reason] of Object.entries(DROPS)) {
      for (let count = seen?.[counter] ?? 0; count < (now?.[counter] ?? 0); count++) lab.trace.add('syn-dropped', 'client', 0, { reason });
    }
    seen = now;
  };
  const timer = setInterval(look, SAMPLE_MS);
  return {
    stop: () => {
      clearInterval(timer);
      look();
    },
  };
}
