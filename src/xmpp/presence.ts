/** Who is there (RFC 6121 §4): ours told, others' heard. */
import { Disposer } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { parseJid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import { computed, signal, type ReadonlySignal, type Signal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Presence, Show } from '../entities/presence.js';
import type { Disco } from './disco.js';
import type { Session } from './session.js';
import { discoFeatures, stanzaHandlers } from './slots.js';
import { attr, NS, text, xml, type XmlElement } from './xml.js';

export interface PresenceParts {
  readonly session: Session;
  readonly registry: Registry;
  readonly log: Log;
  /** Gives the hash of what we can do, where somebody may see it. */
  readonly caps?: Disco['caps'];
  readonly environment: Environment;
  /** Where it is kept who is there, if anybody else is to see it. */
  readonly devices?: Signal<Devices>;
  /** What is stored of it, for as long as the stream goes on: the server says it only once. */
  readonly stored?: { load(): Promise<Devices | undefined>; save(devices: Devices): Promise<void> };
}

export interface PresenceKeeper {
  /** By bare JID, the best of each one's devices; who is offline after having been online stays as `offline`. Empty while offline; after that as it was, if the stream goes on. */
  readonly presence: ReadonlySignal<ReadonlyMap<string, Presence>>;
  /** Sends initial presence. */
  announce(): Promise<void>;
  dispose(): void;
}

/** One device of somebody. */
interface Device extends Presence {
  readonly resource: string;
  readonly priority: number;
}
/** By bare JID. */
export type Devices = ReadonlyMap<string, readonly Device[]>;

/** By availability, the best first. */
const SHOWS: readonly Show[] = ['chat', 'online', 'away', 'xa', 'dnd'];
const OFFLINE: Presence = { show: 'offline', status: '' };
const NOBODY: ReadonlyMap<string, never> = new Map<string, never>();
/** Anybody may send presence to a full address; a flood of it stops here. */
const MOST = { people: 20_000, devices: 50, status: 1_024 } as const;

const readDevice = (stanza: XmlElement, resource: string): Device => {
  const show = text(stanza, 'show', NS.client);
  const priority = Number(text(stanza, 'priority', NS.client));
  return {
    resource,
    show: SHOWS.find(known => known === show && known !== 'online') ?? 'online',
    status: (text(stanza, 'status', NS.client) ?? '').slice(0, MOST.status),
    priority: Number.isInteger(priority) && Math.abs(priority) <= 128 ? priority : 0,
  };
};

const best = (devices: readonly Device[]): Presence => {
  const [first] = [...devices].sort((a, b) => b.priority - a.priority || SHOWS.indexOf(a.show) - SHOWS.indexOf(b.show));
  return first ? { show: first.show, status: first.status } : OFFLINE;
};

export const createPresence = ({ session, registry, log, environment, stored, devices = signal<Devices>(NOBODY), ...parts }: PresenceParts): PresenceKeeper => {
  const disposer = new Disposer(error => log.report(error));
  const known = new WeakMap<readonly Device[], Presence>();
  const bestOf = (theirs: readonly Device[]): Presence => {
    const presence = known.get(theirs) ?? best(theirs);
    known.set(theirs, presence);
    return presence;
  };
  const presence = computed<ReadonlyMap<string, Presence>>(() => (session.online.value ? new Map([...devices.value].map(([address, theirs]) => [address, bestOf(theirs)])) : NOBODY));
  /** What was heard and is not shown yet. */
  const heard = new Map<string, readonly Device[]>();
  let showing: Promise<void> | undefined;
  let restoring: Promise<void> | undefined;
  /** The caps that were told on this connection; undefined while nothing was. */
  let told: string | undefined;

  /** Bursts (a login with many contacts) become one change per picture. Settles when it is stored, where it is. */
  const show = async (): Promise<void> => {
    await environment.frame();
    showing = undefined;
    if (heard.size === 0) return;
    devices.value = new Map([...devices.peek(), ...heard]);
    heard.clear();
    await stored?.save(devices.peek());
  };

  const hear = async (stanza: XmlElement): Promise<void> => {
    await restoring;
    const from = parseJid(attr(stanza, 'from'));
    const type = attr(stanza, 'type');
    if (!from || from.full === session.jid || (type !== undefined && type !== 'unavailable')) return;
    const theirs = heard.get(from.bare) ?? devices.peek().get(from.bare);
    const others = theirs?.filter(({ resource }) => resource !== from.resource) ?? [];
    if (type === undefined) {
      if ((!theirs && devices.peek().size + heard.size >= MOST.people) || (others.length >= MOST.devices && others.length === theirs?.length)) return;
      heard.set(from.bare, [...others, readDevice(stanza, from.resource)]);
    } else if (!theirs) return;
    else heard.set(from.bare, from.resource ? others : []);
    await (showing ??= show());
  };

  /** Of a stream that goes on is known who is there, here or in the store; a new one begins with nobody. */
  const begin = async (resumed: boolean): Promise<void> => {
    if (resumed && devices.peek().size > 0) return;
    heard.clear();
    devices.value = (resumed ? await stored?.load() : undefined) ?? NOBODY;
    if (!resumed) stored?.save(NOBODY).catch((error: unknown) => log.report(error));
  };

  const announce = async (): Promise<void> => {
    const caps = await parts.caps?.().catch((error: unknown) => {
      log.debug(`Presence goes without caps: ${String(error)}`);
      return undefined;
    });
    const ver = caps?.ver ?? '';
    if (told === ver) return;
    told = ver;
    try {
      await session.send(xml('presence', {}, caps && xml('c', caps)));
    } catch (error) {
      told = undefined;
      throw error;
    }
  };

  // Subscription requests fit this claim too and are left alone; a more specific claim gets them.
  disposer.own(registry.add(stanzaHandlers, { claim: { kind: 'presence' }, handle: ({ stanza, origin }) => (origin.kind === 'live' ? hear(stanza) : undefined) }, 'presence'));
  disposer.own(
    session.on('online', ({ resumed }) => {
      if (!resumed) told = undefined;
      restoring = begin(resumed).catch((error: unknown) => log.report(error));
    }),
  );
  disposer.own(
    registry.all(discoFeatures).subscribe(() => {
      if (told !== undefined && session.online.peek()) announce().catch((error: unknown) => log.report(error));
    }),
  );

  return { presence, announce, dispose: () => void disposer.dispose() };
};
