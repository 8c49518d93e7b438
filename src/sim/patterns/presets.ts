import type { PatternsScenario } from '../../shared/scenario/patterns.ts';

/** The fields of a scenario that belong to the server, not to the load. Times in milliseconds. */
export type ServerSettings = Pick<PatternsScenario, 'pattern'> &
  Partial<
    Pick<
      PatternsScenario,
      | 'workers'
      | 'worker'
      | 'wakeup'
      | 'handoff'
      | 'one_process'
      | 'accept_cost'
      | 'dispatch_cost'
      | 'context_switch'
      | 'spawn_cost'
      | 'worker_memory_kb'
      | 'shared_kb'
      | 'fork'
    >
  >;

/** A server that people run, as the patterns model sees it. */
export interface PatternPreset {
  readonly id: string;
  readonly title: string;
  /** What stands for what, and what the model leaves out. */
  readonly description: string;
  readonly settings: ServerSettings;
  /** Where every number, and every choice that is not a number, comes from. */
  readonly sources: { readonly [Field in Exclude<keyof ServerSettings, 'pattern'>]?: string } & { readonly pattern: string };
}

const SWITCH_SOURCE =
  'Measured on Linux 6.18, one CPU: a byte through two pipes between two processes (1.6 µs a way) or two threads (1.35 µs), less write and read without a switch (0.4 µs); median of 9 runs of 20,000.';
const CONTEXT_SWITCH = { process: 0.0012, thread: 0.00095 };
const ACCEPT_COST = 0.0015;
const ACCEPT_SOURCE = 'accept4() of a connection that waits on loopback, Linux 6.18: 1.4 to 1.55 µs, median of 9 runs of 400.';
const CORES_SOURCE = 'One a core; set it to the number of cores.';

const common = { accept_cost: ACCEPT_COST, context_switch: CONTEXT_SWITCH };
const commonSources = { accept_cost: ACCEPT_SOURCE, context_switch: SWITCH_SOURCE };

/** The presets, by pattern as lab 09 shows them. Memory is private memory (Private_Clean + Private_Dirty); what is mapped by all counts once. */
export const PATTERN_PRESETS: readonly PatternPreset[] = [
  {
    id: 'node',
    title: 'Node.js',
    description: 'One process whose event loop runs all JavaScript. The threads of libuv for files and DNS are part of the requests\' I/O time.',
    settings: { pattern: 'single', worker: 'event-loop', ...common, worker_memory_kb: 31_000, shared_kb: 43_000, spawn_cost: 65 },
    sources: {
      pattern: 'nodejs.org, "The Node.js Event Loop": JavaScript runs on one thread.',
      worker: 'The same page: I/O is handed to the kernel or to libuv\'s pool meanwhile.',
      ...commonSources,
      worker_memory_kb: 'Private memory of Node 20.20 with an HTTP server after 300 requests: 31,172 kB.',
      shared_kb: 'The same process: RSS 74,144 kB less the private part.',
      spawn_cost: 'CPU time of Node 20.20 until an HTTP server listens: 57 ms user and 7 ms system, median of 5.',
    },
  },
  {
    id: 'node-cluster',
    title: 'Node.js cluster',
    description: 'The primary accepts and hands the sockets to its workers in turn (SCHED_RR). Its own work is a queue of its own.',
    settings: {
      pattern: 'primary',
      workers: 4,
      worker: 'event-loop',
      handoff: 'acknowledged',
      ...common,
      dispatch_cost: 0.0015,
      worker_memory_kb: 35_000,
      shared_kb: 76_300,
      spawn_cost: 65,
    },
    sources: {
      pattern: 'nodejs.org, cluster: round robin is the default on all systems but Windows.',
      workers: CORES_SOURCE,
      worker: 'Each worker is a Node.js process of its own.',
      handoff: 'Node.js, lib/internal/cluster/round_robin_handle.js: a worker is free again when it has answered that it accepted, which a busy one does late.',
      ...commonSources,
      dispatch_cost: 'sendmsg() of one descriptor (SCM_RIGHTS), Linux 6.18: 1.45 µs, median of 9 runs of 200; the JSON message around it is left out.',
      worker_memory_kb: 'Private memory of 4 workers of Node 20.20 after 300 requests each: 33,908 to 37,228 kB.',
      shared_kb: 'What all map, 45,300 kB (RSS less private), and the primary\'s own 31,000 kB.',
      spawn_cost: 'As for Node.js.',
    },
  },
  {
    id: 'nginx',
    title: 'NGINX, one shared socket',
    description: 'Workers that each run an event loop wait on one listening socket with EPOLLEXCLUSIVE; the kernel wakes the one that began to wait last.',
    settings: { pattern: 'shared-listener', workers: 4, worker: 'event-loop', wakeup: 'last', ...common, worker_memory_kb: 545, shared_kb: 4010, spawn_cost: 0.139 },
    sources: {
      pattern: 'nginx.org, ngx_core_module: accept_mutex is off by default since 1.11.3, so that all workers wait on the socket.',
      workers: 'nginx.org, worker_processes auto: as many as cores.',
      worker: 'nginx.org, "Connection processing methods": epoll.',
      wakeup: 'test/conformance/reference/KERNEL-FACTS.md: sequential connections to 4 workers with EPOLLEXCLUSIVE came out 60/0/0/0; M. Majkowski, "Why does one NGINX worker take all the load?" (2017).',
      ...commonSources,
      worker_memory_kb: 'Private memory of 4 workers of nginx 1.22.1 with 768 connections each, after 1000 requests: 532 to 552 kB.',
      shared_kb: 'A worker\'s RSS of 4384 kB less 545, and the master\'s own 172 kB.',
      spawn_cost: 'test/conformance/reference/KERNEL-FACTS.md: fork, exit and wait 139 µs.',
    },
  },
  {
    id: 'nginx-reuseport',
    title: 'NGINX with reuseport',
    description: 'Each worker listens on a socket of its own; the kernel hashes connections to sockets, busy or not.',
    settings: { pattern: 'reuseport', workers: 4, worker: 'event-loop', ...common, worker_memory_kb: 545, shared_kb: 4010, spawn_cost: 0.139 },
    sources: {
      pattern: 'A. Hutchings, "Socket Sharding in NGINX Release 1.9.1" (2015); listen … reuseport. The hash is seen in KERNEL-FACTS.md: about 10/14/16/20 of 60.',
      workers: 'nginx.org, worker_processes auto: as many as cores.',
      worker: 'nginx.org, "Connection processing methods": epoll.',
      ...commonSources,
      worker_memory_kb: 'As for one shared socket.',
      shared_kb: 'As for one shared socket.',
      spawn_cost: 'As for one shared socket.',
    },
  },
  {
    id: 'apache-prefork',
    title: 'Apache, prefork',
    description: 'Processes that each serve one connection at a time, blocking. All MaxRequestWorkers of them are taken as started.',
    settings: { pattern: 'shared-listener', workers: 256, worker: 'blocking', wakeup: 'fifo', ...common, worker_memory_kb: 210, shared_kb: 3920, spawn_cost: 0.139 },
    sources: {
      pattern: 'httpd.apache.org, prefork: a pool of processes, one thread each.',
      workers: 'httpd.apache.org, MaxRequestWorkers: 256 for prefork.',
      worker: 'The same page: one process handles one connection at a time.',
      wakeup: 'test/conformance/reference/KERNEL-FACTS.md: blocking accept served 15/15/15/15.',
      ...commonSources,
      worker_memory_kb: 'Private memory of children of httpd 2.4 without application modules, after 1000 requests: 204 to 212 kB. mod_php and the like add tens of megabytes.',
      shared_kb: 'A child\'s RSS of 3960 kB less 210, and the parent\'s own 168 kB.',
      spawn_cost: 'test/conformance/reference/KERNEL-FACTS.md: fork, exit and wait 139 µs.',
    },
  },
  {
    id: 'apache-worker',
    title: 'Apache, worker',
    description: 'Processes of 25 threads and a listener thread each. The model has one listener and one queue for all threads.',
    settings: {
      pattern: 'thread-pool',
      workers: 400,
      worker: 'blocking',
      wakeup: 'fifo',
      ...common,
      dispatch_cost: 0.00095,
      worker_memory_kb: 37,
      shared_kb: 4280,
      spawn_cost: 0.019,
    },
    sources: {
      pattern: 'httpd.apache.org, worker: a listener thread passes connections to server threads.',
      workers: 'httpd.apache.org: ServerLimit 16 × ThreadsPerChild 25.',
      worker: 'The same page: a thread serves one connection at a time.',
      wakeup: 'httpd 2.4, fdqueue.c: threads wait in ap_queue_pop on a condition variable; glibc wakes those who began to wait earlier first, by groups.',
      ...commonSources,
      dispatch_cost: 'A condition variable that wakes another thread: one thread switch, as above.',
      worker_memory_kb: 'Private memory of children with 27 threads each, httpd 2.4, after 1000 requests: 592 to 1252 kB, 927 in the mean, over their 25 server threads.',
      shared_kb: 'A child\'s RSS of 4740 kB less 927, and the parent\'s own 468 kB.',
      spawn_cost: 'test/conformance/reference/KERNEL-FACTS.md: pthread create and join 19 µs.',
    },
  },
  {
    id: 'apache-event',
    title: 'Apache, event',
    description: 'As worker, but idle keep-alive connections and writes in progress go back to the listener, so a thread is held for less of a request. The model takes that to its end: no thread is held through I/O.',
    settings: {
      pattern: 'thread-pool',
      workers: 400,
      worker: 'event-loop',
      wakeup: 'fifo',
      ...common,
      dispatch_cost: 0.00095,
      worker_memory_kb: 38,
      shared_kb: 4550,
      spawn_cost: 0.019,
    },
    sources: {
      pattern: 'httpd.apache.org, event: based on worker.',
      workers: 'httpd.apache.org: ServerLimit 16 × ThreadsPerChild 25.',
      worker: 'httpd.apache.org, event: the listener takes care of sockets in keep-alive and of write completion.',
      wakeup: 'As for worker.',
      ...commonSources,
      dispatch_cost: 'As for worker.',
      worker_memory_kb: 'Private memory of children with 27 threads each, httpd 2.4, after 1000 requests: 728 to 1304 kB, 959 in the mean, over their 25 server threads.',
      shared_kb: 'A child\'s RSS of 5024 kB less 959, and the parent\'s own 488 kB.',
      spawn_cost: 'As for worker.',
    },
  },
  {
    id: 'postgresql',
    title: 'PostgreSQL',
    description: 'The postmaster forks a backend for each connection. A request of the model is a connection with one query; a pooler makes it a shared-listener.',
    settings: { pattern: 'per-connection', worker: 'blocking', ...common, spawn_cost: 1.7, worker_memory_kb: 2048, shared_kb: 150_000 },
    sources: {
      pattern: 'postgresql.org, "How Connections Are Established": one process per user.',
      worker: 'A backend serves its own client only.',
      ...commonSources,
      spawn_cost: 'From connect() to ReadyForQuery over a Unix socket, PostgreSQL 15: 1.73 ms at the 10th percentile of 200. Most of it is the new backend\'s CPU time.',
      worker_memory_kb: 'A. Freund, "Measuring the Memory Overhead of a Postgres Connection" (2020): less than 2 MiB with huge pages.',
      shared_kb: 'postgresql.org, shared_buffers: 128 MB by default; the postmaster\'s own 19,004 kB, PostgreSQL 15.',
    },
  },
  {
    id: 'envoy',
    title: 'Envoy',
    description: 'Worker threads that each run an event loop and listen on a socket of their own. As threads of one process they share its memory, and its end. No figure for its memory could be checked, so there is none.',
    settings: { pattern: 'reuseport', workers: 4, worker: 'event-loop', one_process: true, ...common, context_switch: { process: 0.00095, thread: 0.00095 }, spawn_cost: 0.019 },
    sources: {
      pattern: 'envoyproxy.io, Listener: enable_reuse_port is true by default (since 1.20).',
      workers: 'envoyproxy.io, "Threading model": as many worker threads as hardware threads.',
      worker: 'The same page: 100 % non-blocking.',
      one_process: 'The same page: a single process with multiple threads.',
      accept_cost: ACCEPT_SOURCE,
      context_switch: `${SWITCH_SOURCE} Between two threads, whichever the pattern would take.`,
      spawn_cost: 'test/conformance/reference/KERNEL-FACTS.md: pthread create and join 19 µs.',
    },
  },
  {
    id: 'redis',
    title: 'Redis with its backup fork',
    description: 'One thread serves all commands. For a snapshot it forks: that stops it, the child then competes for the cores, and each page it writes first is copied. Here of 256 MiB.',
    settings: {
      pattern: 'single-fork',
      worker: 'event-loop',
      accept_cost: 0,
      context_switch: CONTEXT_SWITCH,
      spawn_cost: 5.7,
      worker_memory_kb: 262_144,
      shared_kb: 3640,
      fork: { at: 1000, child_cpu: 1000, pages_per_request: 1, page_copy_cost: 0.001 },
    },
    sources: {
      pattern: 'redis.io, "Redis persistence": fork, and the child writes the snapshot.',
      worker: 'redis.io, "Diagnosing latency issues": a mostly single-threaded design.',
      accept_cost: 'Clients stay connected; a command accepts nothing.',
      context_switch: SWITCH_SOURCE,
      spawn_cost: 'test/conformance/reference/kernel/e-fork-cow.json: fork of 256 MiB took 3.5 to 7 ms, 5.7 in its first row. Netdata gives 10 to 20 ms a gigabyte for latest_fork_usec.',
      worker_memory_kb: 'The same recording\'s 256 MiB; an empty redis-server 7.0.15 has 8400 kB of its own.',
      shared_kb: 'redis-server 7.0.15, empty: RSS 12,040 kB less 8400 private.',
      fork: 'A choice, to be varied: at 1 s, a child that needs 1 s of CPU time (256 MiB at 256 MiB/s). One page a command is the worst case, all writes to different keys. 1 µs a page: a fault and a copy of 4 KiB, an order of magnitude.',
    },
  },
  {
    id: 'sql-server',
    title: 'SQL Server\'s schedulers',
    description: 'A pool of worker threads that schedule themselves cooperatively, one running per logical CPU; a worker is held until its batch is done, I/O included. The model has one queue for all schedulers, and shares CPUs fluidly where SQL Server has quanta of 4 ms.',
    settings: {
      pattern: 'thread-pool',
      workers: 512,
      worker: 'blocking',
      one_process: true,
      ...common,
      dispatch_cost: 0.00095,
      worker_memory_kb: 2048,
      spawn_cost: 0.019,
    },
    sources: {
      pattern: 'learn.microsoft.com, "Thread and Task Architecture Guide": a scheduler per logical CPU, tasks run on pooled workers.',
      workers: 'learn.microsoft.com, max worker threads: 512 for up to 4 logical CPUs on 64 bits, and 16 more for each further one up to 64.',
      worker: 'The guide: a worker stays with its task until the task is done.',
      one_process: 'The guide: an instance is an operating system process, its workers are threads or fibers.',
      ...commonSources,
      dispatch_cost: 'One thread switch, as measured above; SQLOS\' own figure is not published.',
      worker_memory_kb: 'S. Oks, SQL Server\'s memory and thread stacks (blogs.msdn.com/slavao, 2005): a stack of 2 MB, committed when the thread starts.',
      spawn_cost: 'test/conformance/reference/KERNEL-FACTS.md: pthread create and join 19 µs.',
    },
  },
];
