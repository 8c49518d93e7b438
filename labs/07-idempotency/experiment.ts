import { experiment, type ExperimentContext, type Fate, type Fates, type HttpFault, type RunningServer } from 'backend-labs/kit';
import type { Entry } from './ledger.ts';

/** What of the scenario the client and the network need. */
interface Scenario {
  readonly intents: number;
  readonly max_attempts: number;
  readonly timeout_ms: number;
  readonly service_ms: number;
  readonly key: boolean;
  readonly key_recorded: string;
  readonly store_survives_crash: boolean;
}

interface ToldOf {
  readonly charges: readonly Entry[];
  readonly duplicates: readonly Entry[];
  readonly replies: readonly { readonly attempt: number; readonly atNs: number }[];
}

/** What the network does to a request, by its fate. */
const FAULTS: Readonly<Partial<Record<Fate, HttpFault>>> = { 'request-lost': 'lost-request', 'reply-lost': 'lost-reply' };
/** An answer or a timer that is later than this was kept waiting by other work on this machine. */
const LATE_MS = 50;
/** For a server that is to be killed, however long it takes. */
const PATIENCE_MS = 10_000;

/**
 * A client buys one thing after another from a server in a process of its own, whose charges are in an SQLite file. The seed
 * that lost requests and replies in the simulation loses the same ones here, and the same ones are cut off by SIGKILL between
 * commit and reply. Each intent's rows begin at 0, as in the simulation.
 */
export default experiment(
  async (lab) => {
    const scenario = lab.scenario as unknown as Scenario;
    const shop = new Shop(lab, scenario, lab.fates(), await startWarm(lab));
    lab.start();
    for (let intent = 0; intent < scenario.intents; intent++) {
      lab.progress(`Buying, ${intent + 1} of ${scenario.intents}`, intent / scenario.intents);
      await shop.buy(intent);
    }
    await shop.close();
  },
  { model: 'retry' },
);

/** Starts the server and has it answer once, so that no attempt pays for compiling its code. */
async function startWarm(lab: ExperimentContext): Promise<RunningServer> {
  const server = await lab.startServer();
  await lab.http(server.port, { path: '/charges' });
  return server;
}

/** The client of one intent after another, and the network between it and the server. */
class Shop {
  readonly #lab: ExperimentContext;
  readonly #scenario: Scenario;
  readonly #fates: Fates;
  #server: RunningServer;
  /** When the intent at hand began, in milliseconds of the run. */
  #beganMs = 0;
  /** When its attempts were sent, of those that nothing happens to on their way. */
  readonly #awaitedSinceMs = new Map<number, number>();

  constructor(lab: ExperimentContext, scenario: Scenario, fates: Fates, server: RunningServer) {
    this.#lab = lab;
    this.#scenario = scenario;
    this.#fates = fates;
    this.#server = server;
  }

  /** Tries until there is an answer or no attempt is left, then records what the server's file says of it. */
  async buy(intent: number): Promise<void> {
    const { max_attempts, timeout_ms } = this.#scenario;
    const entity = `intent:${intent}`;
    this.#beganMs = this.#lab.nowNs() / 1e6;
    this.#awaitedSinceMs.clear();
    for (let attempt = 1; attempt <= max_attempts; attempt++) {
      const sentMs = this.#nowMs();
      const answered = await this.#attempt(entity, attempt, sentMs);
      if (answered) {
        const latencyMs = this.#nowMs();
        await this.#recordServed(entity);
        this.#add('answered', entity, Math.round(latencyMs * 1e6), latencyMs);
        return;
      }
      await this.#until(sentMs + timeout_ms, 'The client came to its time-out');
      const timedOutMs = this.#nowMs();
      this.#add('timeout', entity, attempt, timedOutMs);
      if (attempt === max_attempts) {
        this.#add('give-up', entity, await this.#recordServed(entity), timedOutMs);
        return;
      }
      const delayMs = this.#fates.backoffMs(attempt);
      this.#add('backoff', entity, Math.round(delayMs * 1e6), timedOutMs);
      await this.#until(timedOutMs + delayMs, 'The client came to its next attempt');
    }
  }

  async close(): Promise<void> {
    await this.#server.stop();
  }

  /** True where the answer comes in time. */
  async #attempt(entity: string, attempt: number, sentMs: number): Promise<boolean> {
    const { key, key_recorded, store_survives_crash, timeout_ms, service_ms } = this.#scenario;
    const fate = this.#fates.next();
    this.#add('attempt', entity, attempt, sentMs, { key: key ? key_recorded : 'none' });
    if (fate === 'arrives') this.#awaitedSinceMs.set(attempt, sentMs);
    if (fate === 'crash') await this.#server.call('kill-before-reply');
    const answer = await this.#lab.http(this.#server.port, {
      method: 'POST',
      path: '/charges',
      headers: { 'content-type': 'application/json', 'x-attempt': String(attempt), ...(key && { 'idempotency-key': entity }) },
      body: JSON.stringify({ order: entity }),
      timeoutMs: fate === 'crash' ? PATIENCE_MS : timeout_ms,
      fault: FAULTS[fate],
    });
    const lateMs = this.#nowMs() - sentMs - service_ms;
    if (fate === 'arrives' && service_ms <= timeout_ms) this.#noteLate(lateMs, 'An answer came');
    if (fate === 'request-lost' || fate === 'reply-lost') this.#add(fate, entity, attempt, this.#nowMs());
    if (fate === 'crash') {
      this.#add('crash', entity, attempt, this.#nowMs(), { keyForgotten: key && !store_survives_crash });
      // Until it is gone, the file is its own.
      await this.#server.stop();
      this.#server = await startWarm(this.#lab);
    }
    return answer.status === 201;
  }

  /** Records what the server did for an intent, from its file, once it has nothing more to do; gives how many charges that were. */
  async #recordServed(entity: string): Promise<number> {
    const { charges, duplicates, replies } = (await this.#server.call('told-of', { order: entity })) as ToldOf;
    charges.forEach(({ atNs }, i) => this.#add('charge', entity, i + 1, this.#sinceBegan(atNs)));
    for (const { attempt, atNs } of duplicates) this.#add('duplicate', entity, attempt, this.#sinceBegan(atNs));
    for (const { attempt, atNs } of replies) {
      const sentMs = this.#awaitedSinceMs.get(attempt);
      const repliedMs = this.#sinceBegan(atNs);
      if (sentMs !== undefined && repliedMs - sentMs > this.#scenario.timeout_ms) this.#add('reply-late', entity, attempt, repliedMs);
    }
    return charges.length;
  }

  async #until(atMs: number, what: string): Promise<void> {
    await this.#lab.until(this.#beganMs + atMs);
    this.#noteLate(this.#nowMs() - atMs, what);
  }

  /** Says so where this machine was too busy for the clocks of the scenario. */
  #noteLate(lateMs: number, what: string): void {
    if (lateMs > LATE_MS) this.#lab.lacks('processors', `This machine was too busy to decide: ${what} ${Math.round(lateMs)} ms late. Run it again when less is running.`);
  }

  #nowMs(): number {
    return this.#lab.nowNs() / 1e6 - this.#beganMs;
  }

  #sinceBegan(atNs: number): number {
    return (atNs - this.#lab.trace.startNs) / 1e6 - this.#beganMs;
  }

  #add(kind: string, entity: string, value: number, atMs: number, detail?: Record<string, boolean | string>): void {
    this.#lab.trace.add(kind, entity, value, detail, this.#lab.trace.startNs + atMs * 1e6);
  }
}
