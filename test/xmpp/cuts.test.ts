/** Random histories of cuts, crashes and slow disks, with a server that keeps its books: nothing is lost, doubled or reordered where the stream goes on. */
import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { headlessEnvironment } from '../../src/base/environment.js';
import type { ChatError } from '../../src/base/errors.js';
import { createLog } from '../../src/base/log.js';
import type { Delivery, Fate } from '../../src/xmpp/delivery.js';
import type { Claim, ManagedState, SessionStorage, StreamState } from '../../src/xmpp/session-storage.js';
import { createManagedStream, type ManagedStream } from '../../src/xmpp/stream-management.js';
import { attr, parseXml, serialize, xml, type XmlElement } from '../../src/xmpp/xml.js';

const SM = 'urn:xmpp:sm:3';
const STEPS = ['write', 'write', 'presence', 'up', 'up', 'up', 'down', 'down', 'commit', 'commit', 'settle', 'store', 'send', 'ask', 'tick', 'minute', 'cut', 'half', 'connect', 'connect', 'crash', 'crash after commit'] as const;
type Step = (typeof STEPS)[number] | 'forget';

/** An entry of the outbox as the disk has it. */
interface Entry {
  attempted: boolean;
  state: 'waiting' | 'sent' | 'unconfirmed';
}

/** What is done by and by: the steps of a history say when. */
interface Job {
  commit(): void;
  resolve(): void;
}

const number = (element: XmlElement, name: string): number => Number(attr(element, name));
const stanza = (id: string): string => `<message xmlns='jabber:client' id='${id}'/>`;
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 30; turn++) await Promise.resolve();
};

class World {
  /** The disk. */
  state: ManagedState | undefined;
  readonly entries = new Map<string, Entry>();
  readonly inbox = new Set<string>();
  /** The server. */
  stream = 0;
  known = false;
  handled = 0;
  readonly log: string[] = [];
  out: string[] = [];
  acknowledged = 0;
  sent = 0;
  /** The wire. */
  up: string[] = [];
  down: string[] = [];
  /** The page. */
  jobs: Job[] = [];
  fates: Job[] = [];
  /** And in how many milliseconds they are due. */
  timers = new Map<() => void, number>();
  unstored: (() => void)[] = [];
  seen = new Set<string>();
  handed = new Set<string>();
  returning = new Set<string>();
  handing = false;
  expected = new Set<string>();
  managed: ManagedStream | undefined;
  delivery: Delivery | undefined;

  /** What an old page still does reaches nobody. */
  page = 0;

  storage(): SessionStorage {
    const mine = this.page;
    return {
      load: () => Promise.resolve(this.state),
      save: (build: (refused: ReadonlySet<string>, stored: StreamState | undefined) => StreamState | undefined, claims: readonly Claim[] = []) =>
        new Promise(resolve => {
          if (mine !== this.page) return;
          let refused: Set<string> | undefined;
          this.jobs.push({
            commit: () => {
              refused = new Set(claims.map(({ id }) => id).filter(id => this.entries.get(id)?.attempted !== false));
              for (const { id } of claims) if (!refused.has(id)) this.entries.set(id, { attempted: true, state: 'waiting' });
              this.state = build(refused, this.state) as ManagedState | undefined;
            },
            resolve: () => resolve(refused ?? new Set()),
          });
        }),
    };
  }

  tell(claim: string, fate: Fate): Promise<void> {
    const mine = this.page;
    return new Promise(resolve => {
      if (mine !== this.page) return;
      if (fate === 'unsent') this.returning.add(claim);
      this.fates.push({
        commit: () => {
          const entry = this.entries.get(claim);
          if (!entry || entry.state === 'sent') return;
          if (fate === 'acknowledged') entry.state = 'sent';
          else if (fate === 'lost') entry.state = 'unconfirmed';
          else {
            entry.attempted = false;
            this.handed.delete(claim);
            this.returning.delete(claim);
          }
          this.expected.delete(claim);
        },
        resolve,
      });
    });
  }

  make(state: ManagedState): ManagedStream {
    return createManagedStream({
      environment: {
        ...headlessEnvironment(),
        timer: (ms, run) => {
          const its = (): void => {
            this.timers.delete(its);
            run();
          };
          this.timers.set(its, ms);
          return () => void this.timers.delete(its);
        },
      },
      log: createLog('test', ({ level, text }) => {
        if (level === 'error') throw new Error(text);
      }),
      storage: this.storage(),
      tell: (claim, fate) => this.tell(claim, fate),
      state,
      resumable: true,
    });
  }

  /** Writes what waits, in order, as the outbox does: one after the other. */
  pump(): void {
    const next = [...this.entries].find(([id, { attempted }]) => !attempted && !this.handed.has(id))?.[0];
    if (!this.delivery || this.handing || this.returning.size > 0 || next === undefined) return;
    const mine = this.page;
    this.handing = true;
    this.handed.add(next);
    const handedOver = (): void => {
      if (mine !== this.page) return;
      this.handing = false;
      this.pump();
    };
    this.delivery.send(xml('message', { id: next }), next).then(handedOver, () => {
      if (mine === this.page) this.handed.delete(next);
      handedOver();
    });
  }

  line() {
    const mine = this.page;
    return {
      put: (element: XmlElement | string): void => {
        if (mine === this.page) this.up.push(typeof element === 'string' ? element : serialize(element));
      },
      refuse: (condition: string): void => {
        throw new Error(condition);
      },
      abandon: ({ code }: ChatError): void => {
        if (code !== 'connection-lost') throw new Error(code);
        if (mine === this.page) this.cut();
      },
    };
  }

  hear(h: number): void {
    const more = h - this.acknowledged;
    expect(more, 'what is acknowledged never shrinks').to.be.at.least(0);
    for (const id of this.out.splice(0, more)) expect(this.inbox.has(id), `${id} is stored before the server forgets it`).to.equal(true);
    this.acknowledged = h;
  }

  begin(): void {
    this.stream++;
    this.known = true;
    this.handled = this.acknowledged = 0;
    this.managed = this.make({ kind: 'managed', jid: 'ana@example.org/r', service: 'ws://localhost/', savedAt: 0, csi: false, id: String(this.stream), acknowledged: 0, received: 0, queue: [] });
    this.delivery = this.managed.connect(this.line());
    // What the old stream did not get through is sent again on the new one, as servers do.
    this.down.push(...this.out.map(stanza));
    this.seen.clear();
  }

  connect(half: boolean): void {
    if (this.delivery) return;
    if (!this.managed && this.state) {
      this.managed = this.make(this.state);
      for (const { claim } of this.state.queue) if (claim !== undefined) this.expected.add(claim);
    }
    if (this.managed && this.known && this.managed.state.id === String(this.stream)) {
      this.hear(number(this.managed.resume(), 'h'));
      this.down = [];
      this.up = [];
      if (half) return;
      const answer = xml('resumed', { xmlns: SM, h: String(this.handled) });
      this.down.push(...this.out.map(stanza));
      this.delivery = this.managed.connect(this.line(), answer);
    } else if (half) return;
    else {
      this.managed?.fail();
      this.begin();
    }
    // Whose fate nobody will tell.
    for (const [id, entry] of this.entries) if (entry.attempted && entry.state === 'waiting' && !this.handed.has(id) && !this.expected.has(id)) entry.state = 'unconfirmed';
  }

  cut(): void {
    const { delivery } = this;
    this.delivery = undefined;
    this.up = [];
    this.down = [];
    delivery?.end(true);
  }

  crash(): void {
    this.page++;
    this.delivery = this.managed = undefined;
    this.up = [];
    this.down = [];
    this.jobs = [];
    this.fates = [];
    this.unstored = [];
    this.timers.clear();
    this.seen.clear();
    this.handed.clear();
    this.returning.clear();
    this.handing = false;
    this.expected.clear();
  }

  /** The server reads. */
  read(): void {
    const element = parseXml(this.up.shift() ?? '');
    if (!element) return;
    if (element.name === 'r') this.down.push(`<a xmlns='${SM}' h='${this.handled}'/>`);
    else if (element.name === 'a') this.hear(number(element, 'h'));
    else {
      this.handled++;
      if (element.name === 'message') this.log.push(attr(element, 'id') ?? '');
    }
  }

  /** The page reads. */
  take(): void {
    const element = parseXml(this.down.shift() ?? '');
    if (!element || !this.delivery || this.delivery.take(element)) return;
    const id = attr(element, 'id') ?? '';
    const done = this.delivery.received(element);
    if (!done) return;
    expect(this.seen.has(id), `${id} is handled once on a page`).to.equal(false);
    this.seen.add(id);
    this.unstored.push(() => {
      this.inbox.add(id);
      done();
    });
  }

  async run(step: Step): Promise<void> {
    switch (step) {
      case 'write': this.entries.set(String(this.entries.size), { attempted: false, state: 'waiting' }); break;
      // What nobody claims counts, too.
      case 'presence': await Promise.race([this.delivery?.send(xml('presence')), Promise.resolve()]).catch(() => undefined); break;
      case 'up': this.read(); break;
      case 'down': this.take(); break;
      case 'commit': case 'settle': {
        const job = (step === 'commit' ? this.jobs : this.fates).shift();
        job?.commit();
        job?.resolve();
        break;
      }
      // Not always the oldest: some take longer to store.
      case 'store': this.unstored.splice(this.sent % Math.max(1, this.unstored.length), 1)[0]?.(); break;
      case 'send': {
        const id = `in-${this.sent++}`;
        this.out.push(id);
        if (this.delivery) this.down.push(stanza(id));
        break;
      }
      case 'ask': if (this.delivery) this.down.push(`<r xmlns='${SM}'/>`); break;
      case 'tick': case 'minute': for (const [run, ms] of [...this.timers]) if (this.timers.has(run) && (step === 'minute' || ms < 60_000)) run(); break;
      case 'cut': this.cut(); break;
      case 'half': this.connect(true); break;
      case 'connect': this.connect(false); break;
      case 'crash': this.crash(); break;
      case 'crash after commit':
        this.jobs[0]?.commit();
        this.fates[0]?.commit();
        this.crash();
        break;
      case 'forget':
        this.known = false;
        this.cut();
    }
    this.pump();
    await settled();
  }

  /** Everything gets through at last. */
  async drain(): Promise<void> {
    for (let round = 0; round < 400; round++) {
      for (const step of ['connect', 'commit', 'settle', 'up', 'down', 'store', 'ask', 'tick'] as const) {
        if (step !== 'ask' || round % 20 === 0) await this.run(step);
      }
      if (this.jobs.length + this.fates.length + this.up.length + this.down.length + this.unstored.length + this.out.length === 0 && [...this.entries.values()].every(({ state }) => state !== 'waiting')) return;
    }
  }

  states(state: Entry['state']): readonly string[] {
    return [...this.entries].filter(([, entry]) => entry.state === state).map(([id]) => id);
  }
}

const histories = (...more: readonly Step[]) => fc.array(fc.constantFrom<Step>(...STEPS, ...more), { maxLength: 120, size: 'max' });
const lived = async (steps: readonly Step[]): Promise<World> => {
  const world = new World();
  await world.run('connect');
  for (const step of steps) {
    await world.run(step);
    expect(world.log, 'never twice, and in order').to.deep.equal([...new Set(world.log)].sort((a, b) => Number(a) - Number(b)));
  }
  await world.drain();
  return world;
};

describe('whatever is cut, and whenever', () => {
  it('a stream that goes on loses, doubles and reorders nothing, in either direction', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(histories(), async steps => {
        const world = await lived(steps);
        expect(world.log).to.deep.equal([...world.entries.keys()]);
        expect(world.states('sent')).to.deep.equal([...world.entries.keys()]);
        expect(world.inbox.size).to.equal(world.sent);
      }),
      { numRuns: 500, includeErrorInReport: true },
    );
  });

  it('a stream that is forgotten doubles and reorders nothing, and what is called sent is there', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(histories('forget'), async steps => {
        const world = await lived(steps);
        expect(world.states('waiting')).to.deep.equal([]);
        for (const id of world.states('sent')) expect(world.log).to.include(id);
        expect(world.log).to.deep.equal([...new Set(world.log)].sort((a, b) => Number(a) - Number(b)));
      }),
      { numRuns: 500, includeErrorInReport: true },
    );
  });
});
