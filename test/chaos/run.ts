/** One run of chaos: two clients write to each other while everything between them fails, then it is quiet, and what is missing is counted. */
import { copyFileSync, readFileSync } from 'node:fs';
import { people, serviceAt, startWorld, page, type ServerName, type Transport } from '../support/world.js';
import { probeScript, type Held } from '../support/probe.js';
import { cameLate, isClean, judge, numbersOf, type Verdict } from './judge.js';
import { describeStep, mendable, plan, type Fault, type Step } from './plan.js';
import { chance, pause } from './random.js';
import { GREETING, NO_XML, noteScript, Other, Tabs, traceScript } from './tabs.js';
import { startFaultyWire } from './wire.js';

export interface ChaosOptions {
  readonly server: ServerName;
  readonly transport: Transport;
  /** An account, or a visitor without one. */
  readonly who: 'account' | 'visitor';
  /** How many each side writes. */
  readonly messages: number;
  /** How many each side writes in a second. */
  readonly rate: number;
  readonly seed: string;
  readonly faults: readonly Fault[];
  /** Whether pages tell what they write and read. */
  readonly trace?: boolean;
  /** Where the server's own log is kept. */
  readonly serverLog?: string;
  /** Hears of each step. */
  readonly tell?: (line: string) => void;
}

export interface ChaosResult {
  readonly options: ChaosOptions;
  /** What the page wrote, as the other client saw it. */
  readonly out: Verdict;
  /** The same, as the server's archive has it. */
  readonly outArchived: Verdict;
  /** What the other client wrote, as the page shows it at the end. */
  readonly in: Verdict;
  /** Of what the page does not show: what the archive of its account has; a visitor has none. */
  readonly inWitnessed: readonly number[];
  /** What the page shows too late, and had come too late: the server's doing. */
  readonly inLate: readonly number[];
  /** What the server never wrote to the page though it wrote what came later, and has in its archive: its own loss. */
  readonly inUnwritten: readonly number[];
  /** What the server said when it would not go on with a session that it had promised to keep. */
  readonly refused: readonly string[];
  /** What pages said to have got of a stream, and had not. */
  readonly overstated: readonly string[];
  /** Shown as unconfirmed at the end. */
  readonly unconfirmed: readonly number[];
  /** Shown as sent, and nobody has them: the worst that can happen. */
  readonly belied: readonly number[];
  /** Not there, and shown neither as unconfirmed nor as failed or waiting. */
  readonly silent: readonly number[];
  /** Steps that were taken, by fault. */
  readonly steps: Readonly<Partial<Record<Fault, number>>>;
  /** From the last fault until all was settled; undefined: it never was. */
  readonly settledMs: number | undefined;
  readonly seconds: number;
  readonly complaints: readonly string[];
  readonly trace: readonly string[];
  /** Whether it is as it must be; what is not, in words. */
  readonly wrong: readonly string[];
}

/** How long a server keeps what can be resumed: far longer than any fault lasts, or short enough to be outlasted. */
const RESUME_SECONDS = 300;
const SHORT_RESUME_SECONDS = 4;
/** How long it may take until all is quiet; what takes longer than it should is told by the figures. */
const PATIENCE_MS = 60_000;
const SETTLED_MS = 30_000;
/** A deaf connection is found within 40 s in front, and the next one is made a little later. */
const DEAF_MS = 60_000;
/** How often it is looked whether all is settled. */
const LOOK_MS = 1_000;
const MANY_TABS = 4;
/** A greeting that has not come by then is sent again. */
const GREETING_MS = 2_000;

/**
 * ejabberd 23.01 loses a session by itself now and then: a process of it that writes to a WebSocket while that closes hangs for 15 s, and whoever asks
 * for the session meanwhile gets this answer, as if it were gone. What was written to the process is gone indeed, from its archive as well. If the process
 * goes on just after that, it hands the session to whoever does not wait any more, and the next one who asks hears that there is none; the server's log has the first answer.
 * Prosody 0.12 puts what it had read of a frame of the broken connection before the first frame of the one that resumes, cannot read that, and ends the session;
 * pages tell whether they ever wrote anything but XML.
 */
const isServersOwn = ({ server, transport }: ChaosOptions, refusal: string, log: string): boolean =>
  server === 'ejabberd' ? [refusal, log].some(text => text.includes('Session state copying timed out')) : transport === 'websocket' && (refusal.includes('<not-well-formed') || UNREADABLE.test(log));

/** Prosody's log when it has ended a session like that; the page does not always live to hear of it. */
const UNREADABLE = /Unbinding resource for ana@.*: not-well-formed/u;

/** The same hanging process of ejabberd sometimes goes on with the stream, but without what came to it meanwhile; only an account has an archive that shows it. */
const losesByItself = ({ server, transport, who }: ChaosOptions): boolean => server === 'ejabberd' && transport === 'websocket' && who === 'account';

export const runChaos = async (options: ChaosOptions): Promise<ChaosResult> => {
  const { server, transport, who, messages, rate, seed, faults, tell = () => undefined } = options;
  const begun = Date.now();
  const luck = chance(seed);
  const expires = faults.includes('expire');
  const seconds = expires ? SHORT_RESUME_SECONDS : RESUME_SECONDS;
  const world = await startWorld({ server, transport, options: { resumeSeconds: seconds, inactivitySeconds: seconds } });
  const wire = await startFaultyWire(world.server.port);
  const other = new Other(() => world.peer('support'));
  let tabs: Tabs | undefined;
  try {
    await other.connect();
    const service = serviceAt(wire.port, transport);
    const to = `support@${world.server.domain}`;
    const element = world.element(who === 'account' ? { mode: 'page', domain: world.server.domain, to: '', service } : { mode: 'inline', service });
    tabs = await Tabs.open(world, { url: world.serve('/chaos', page(element + probeScript, `${noteScript}${options.trace ? traceScript : ''}`)), login: who === 'account' ? { user: 'ana', password: people.ana } : undefined, to });
    const its = tabs;
    // Both know each other before anything fails, and the server knows that both are there: what comes before that may wait in its store for another login.
    while (!(await its.online())) await pause(50);
    await its.write(0);
    const address = who === 'account' ? `ana@${world.server.domain}` : await other.firstSender();
    for (let greeted = false; !greeted; ) {
      await other.greet(address);
      const deadline = Date.now() + GREETING_MS;
      while (!greeted && Date.now() < deadline) {
        await pause(50);
        greeted = (await its.history()).some(({ text }) => text === GREETING);
      }
    }

    const filter = who === 'account' ? { with: address } : {};
    let writing = 2;
    const every = async (purpose: string, write: (at: number) => Promise<void>, count: number): Promise<void> => {
      const pace = luck.fork(purpose);
      const started = Date.now();
      for (let index = 0; index < count; index += 1) {
        const due = started + ((index + pace.next()) * 1_000) / rate;
        if (due > Date.now()) await pause(due - Date.now());
        await write(pace.next());
      }
    };
    const writers = Promise.all([
      every('page', its.write, messages - 1).finally(() => (writing -= 1)),
      every('peer', () => other.write(address), messages).finally(() => (writing -= 1)),
    ]);
    // Whoever fails is heard below; until then nobody may call it unhandled.
    writers.catch(() => undefined);

    const which = luck.fork('which tab');
    const steps: Partial<Record<Fault, number>> = {};
    const take = async (step: Step): Promise<void> => {
      await pause(step.wait);
      switch (step.fault) {
        case 'cut':
          wire.cut();
          if (step.wake) await its.wake();
          break;
        case 'latency':
          wire.delay(step.up, step.down);
          await pause(step.lasts);
          wire.delay(0, 0);
          break;
        case 'halfopen': {
          const asked = wire.asked;
          const deadline = Date.now() + DEAF_MS;
          wire.deafen();
          if (step.wake) await its.wake();
          while (wire.asked === asked && Date.now() < deadline) await pause(100);
          if (wire.asked === asked) throw new Error(`A deaf connection was not found out within ${DEAF_MS / 1_000} s: ${await its.statuses()}`);
          break;
        }
        case 'reload': await its.reload(which.next(), step.after); break;
        case 'crash': await its.crash(which.next(), step.after); break;
        case 'tabs':
          if (its.count > 1 && (its.count >= MANY_TABS || step.close < 0.5)) await its.closeOne(which.next());
          else await its.openOne();
          break;
        case 'restart':
          await world.server.kill();
          await pause(step.away);
          await world.server.start();
          break;
        case 'expire':
          wire.refuse(true);
          await pause((SHORT_RESUME_SECONDS + 3) * 1_000);
          wire.refuse(false);
          await its.wake();
          break;
      }
    };
    const schedule = plan(luck.fork('faults'), faults);
    while (writing > 0 && faults.length > 0) {
      const step = schedule.next().value;
      tell(`${((Date.now() - begun) / 1_000).toFixed(1)} s: ${describeStep(step)}`);
      await take(step);
      steps[step.fault] = (steps[step.fault] ?? 0) + 1;
    }
    await writers;
    const quiet = Date.now();
    tell(`${((quiet - begun) / 1_000).toFixed(1)} s: quiet`);
    await its.wake();
    await other.connect();

    /** Whether everything can be mended: not if the server itself lost what it had promised to keep. */
    const mends = (): boolean => faults.every(fault => mendable.includes(fault)) && !its.refused.some(refusal => isServersOwn(options, refusal, readFileSync(world.server.log, 'utf8')));
    /** What never came down the wire though what is later did. */
    const skipped = (): readonly number[] => {
      const last = Math.max(...wire.streams.reached);
      return losesByItself(options) ? other.sent.filter(number => number < last && !wire.streams.reached.has(number)) : [];
    };
    let history: readonly Held[] = [];
    const settled = async (): Promise<boolean> => {
      // To read all of it takes the page some time, which it needs for sending.
      if (!(await its.online()) || (await its.waiting()) > 0) return false;
      history = await its.history();
      const own = history.filter(({ mine }) => mine);
      if (own.some(({ state }) => ['queued', 'sending'].includes(state))) return false;
      if (!mends()) return own.length >= its.stored.length;
      const there = new Set([...numbersOf('peer', history.map(({ text }) => text)), ...skipped()]);
      const arrived = new Set(numbersOf('page', other.broken ? [...other.seen, ...(await other.archive(filter))] : other.seen));
      return other.sent.every(number => there.has(number)) && its.stored.every(number => arrived.has(number)) && own.every(({ state }) => state !== 'unconfirmed');
    };
    let settledMs: number | undefined;
    while (settledMs === undefined && Date.now() - quiet < PATIENCE_MS) {
      if (await settled()) settledMs = Date.now() - quiet;
      else await pause(LOOK_MS);
    }

    history = await its.history();
    const seen = other.seen;
    const archive = await other.archive(filter);
    const shown = numbersOf('peer', history.filter(({ mine }) => !mine).map(({ text }) => text));
    const own = new Map(history.filter(({ mine }) => mine).flatMap(({ text, state }) => numbersOf('page', [text]).map(number => [number, state] as const)));
    const archived = new Set(numbersOf('page', archive));
    const reached = new Set([...numbersOf('page', seen), ...numbersOf('page', archive)]);
    const missing = its.stored.filter(number => !reached.has(number));
    let incoming = judge(other.sent, shown, other.perhaps);
    let witnesses: readonly number[] = [];
    if (who === 'account' && incoming.lost.length > 0) {
      const ana = await world.peer('ana', { available: false });
      witnesses = numbersOf('peer', (await ana.archive({ with: to })).map(({ body }) => body));
    }
    const unwritten = skipped().filter(number => witnesses.includes(number));
    incoming = { ...incoming, lost: incoming.lost.filter(number => !unwritten.includes(number)) };
    await its.close();
    const late = cameLate(incoming.reordered, its.arrived);
    const result = {
      options, steps, inLate: late, inUnwritten: unwritten, refused: its.refused, settledMs,
      // What its own broken connection kept from it is not lost.
      out: judge(other.broken ? its.stored.filter(number => !archived.has(number) || numbersOf('page', seen).includes(number)) : its.stored, numbersOf('page', seen), [...its.perhaps, ...archived]),
      outArchived: judge(its.stored, numbersOf('page', archive), its.perhaps),
      in: { ...incoming, reordered: incoming.reordered.filter(number => !late.includes(number)) },
      overstated: wire.streams.overstated,
      inWitnessed: incoming.lost.filter(number => witnesses.includes(number)),
      unconfirmed: [...own].filter(([, state]) => state === 'unconfirmed').map(([number]) => number),
      belied: missing.filter(number => ['sent', 'delivered', 'read'].includes(own.get(number) ?? '')),
      silent: missing.filter(number => !['unconfirmed', 'failed', 'queued', 'sent', 'delivered', 'read'].includes(own.get(number) ?? '')),
    };
    return { ...result, seconds: (Date.now() - begun) / 1_000, complaints: [...its.complaints].map(([text, times]) => `${times} × ${text}`), trace: its.trace, wrong: [...wrongs(result, mends()), ...[...its.complaints.keys()].filter(text => text.startsWith(NO_XML))] };
  } finally {
    await other.close().catch(() => undefined);
    await wire.stop();
    if (options.serverLog) copyFileSync(world.server.log, options.serverLog);
    await world.stop();
  }
};

/** What is not as it must be, in words. */
const wrongs = (result: Omit<ChaosResult, 'seconds' | 'complaints' | 'trace' | 'wrong'>, mends: boolean): readonly string[] => {
  const found: string[] = [];
  const say = (name: string, numbers: readonly number[]): void => {
    if (numbers.length > 0) found.push(`${numbers.length} ${name}: ${numbers.slice(0, 12).join(' ')}${numbers.length > 12 ? ' …' : ''}`);
  };
  for (const [name, verdict] of [['to the other client', result.out], ['in its archive', result.outArchived], ['to the page', result.in]] as const) {
    if (isClean(verdict)) continue;
    say(`strange ${name}`, verdict.strange);
    say(`doubled ${name}`, verdict.doubled);
    if (!mends) continue;
    say(`lost ${name}`, verdict.lost);
    say(`reordered ${name}`, verdict.reordered);
  }
  say('shown as sent, but nobody has them', result.belied);
  say('gone without a word', result.silent);
  if (mends) say('unconfirmed', result.unconfirmed);
  if (mends && result.refused.length > 0) found.push(`the server did not go on with a session: ${result.refused.join(' ')}`);
  found.push(...result.overstated);
  if (result.settledMs === undefined) found.push('it never settled');
  else if (result.settledMs > SETTLED_MS) found.push(`it took ${(result.settledMs / 1_000).toFixed(1)} s to settle`);
  return found;
};

/** How the same run is had again. */
export const commandOf = ({ server, transport, who, messages, rate, seed, faults }: ChaosOptions): string =>
  `npm run chaos -- --server ${server} --transport ${transport === 'bosh' ? 'bosh' : 'ws'} --who ${who} --messages ${messages} --rate ${rate} --seed ${seed} --faults ${faults.join(',') || 'none'}`;

/** The figures in one line. */
export const describeResult = ({ options, out, outArchived, in: incoming, inLate, inUnwritten, refused, unconfirmed, settledMs, seconds, steps, wrong }: ChaosResult): string => {
  const three = ({ lost, doubled, reordered }: Verdict): string => `${lost.length}/${doubled.length}/${reordered.length}`;
  return `${wrong.length === 0 ? '✓' : '✗'} ${options.server} ${options.transport} ${options.who} seed ${options.seed}: ${options.messages} each way; lost/doubled/reordered out ${three(out)} (archive ${three(outArchived)}), in ${three(incoming)}${inLate.length > 0 ? ` (${inLate.length} more came out of order from the server)` : ''}${inUnwritten.length > 0 ? ` (${inUnwritten.length} more in the archive, but never written to the page by the server)` : ''}${refused.length > 0 ? `; the server refused ${refused.length} resumptions` : ''}; unconfirmed ${unconfirmed.length}; settled after ${settledMs === undefined ? 'never' : `${(settledMs / 1_000).toFixed(1)} s`}; ${Object.entries(steps).map(([fault, times]) => `${times} ${fault}`).join(', ') || 'no faults'}; ${seconds.toFixed(0)} s`;
};
