/** Who is there (RFC 6121 §4): ours told, others' heard. */
import { Disposer } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { parseJid } from '../base/jid.js';
import type { Log } from '../base/log.js';
import { signal, type ReadonlySignal } from '../base/signal.js';
import type { Registry } from '../base/slot.js';
import type { Presence, Show } from '../entities/presence.js';
import type { Disco } from './disco.js';
import type { Session } from './session.js';
import { discoFeatures, stanzaHandlers } from './slots.js';
import { capsElement } from './xep/0115-caps.js';
import { attr, NS, text, xml, type XmlElement } from './xml.js';

export interface PresenceParts {
  readonly session: Session;
  readonly registry: Registry;
  readonly log: Log;
  readonly disco: Disco;
  readonly environment: Environment;
}

export interface PresenceKeeper {
  /** By bare JID, the best of each one's devices; who is offline after having been online stays as `offline`. Emptied when the connection ends. */
  readonly presence: ReadonlySignal<ReadonlyMap<string, Presence>>;
  /** Sends initial presence, with caps. */
  announce(): Promise<void>;
  dispose(): void;
}

/** One device of somebody. */
interface Device extends Presence {
  readonly priority: number;
}

/** By availability, the best first. */
const SHOWS: readonly Show[] = ['chat', 'online', 'away', 'xa', 'dnd'];
const OFFLINE: Presence = { show: 'offline', status: '' };
/** Anybody may send presence to a full address; a flood of it stops here. */
const MOST = { people: 20_000, devices: 50, status: 1_024 } as const;

const readDevice = (stanza: XmlElement): Device => {
  const show = text(stanza, 'show', NS.client);
  const priority = Number(text(stanza, 'priority', NS.client));
  return {
    show: SHOWS.find(known => known === show && known !== 'online') ?? 'online',
    status: (text(stanza, 'status', NS.client) ?? '').slice(0, MOST.status),
    priority: Number.isInteger(priority) && Math.abs(priority) <= 128 ? priority : 0,
  };
};

const best = (devices: Iterable<Device>): Presence => {
  const [first] = [...devices].sort((a, b) => b.priority - a.priority || SHOWS.indexOf(a.show) - SHOWS.indexOf(b.show));
  return first ? { show: first.show, status: first.status } : OFFLINE;
};

export const createPresence = ({ session, registry, log, disco, environment }: PresenceParts): PresenceKeeper => {
  const disposer = new Disposer(error => log.report(error));
  const presence = signal<ReadonlyMap<string, Presence>>(new Map());
  const devices = new Map<string, Map<string, Device>>();
  const changed = new Set<string>();
  let showing = false;
  /** The caps that were told on this connection; undefined while nothing was. */
  let told: string | undefined;

  /** Bursts (a login with many contacts) become one change per picture. */
  const show = async (): Promise<void> => {
    if (showing) return;
    showing = true;
    await environment.frame();
    showing = false;
    if (changed.size === 0) return;
    const next = new Map(presence.peek());
    for (const address of changed) next.set(address, best(devices.get(address)?.values() ?? []));
    changed.clear();
    presence.value = next;
  };

  const hear = (stanza: XmlElement): void => {
    const from = parseJid(attr(stanza, 'from'));
    const type = attr(stanza, 'type');
    if (!from || from.full === session.jid || (type !== undefined && type !== 'unavailable')) return;
    const theirs = devices.get(from.bare);
    if (type === undefined) {
      const known = theirs ?? new Map<string, Device>();
      if ((!theirs && devices.size >= MOST.people) || (known.size >= MOST.devices && !known.has(from.resource))) return;
      devices.set(from.bare, known.set(from.resource, readDevice(stanza)));
    } else if (!theirs) return;
    else if (from.resource) theirs.delete(from.resource);
    else theirs.clear();
    changed.add(from.bare);
    show().catch((error: unknown) => log.report(error));
  };

  const forget = (): void => {
    told = undefined;
    devices.clear();
    changed.clear();
    if (presence.peek().size > 0) presence.value = new Map();
  };

  const announce = async (): Promise<void> => {
    const caps = await disco.caps().catch((error: unknown) => {
      log.debug(`Presence goes without caps: ${String(error)}`);
      return undefined;
    });
    const ver = caps?.ver ?? '';
    if (told === ver) return;
    told = ver;
    try {
      await session.send(xml('presence', {}, caps && capsElement(caps)));
    } catch (error) {
      told = undefined;
      throw error;
    }
  };

  // Subscription requests fit this claim too and are left alone; a more specific claim gets them.
  disposer.own(registry.add(stanzaHandlers, { claim: { kind: 'presence' }, handle: ({ stanza, origin }) => (origin.kind === 'live' ? hear(stanza) : undefined) }, 'presence'));
  disposer.own(session.on('offline', forget));
  disposer.own(
    registry.all(discoFeatures).subscribe(() => {
      if (told !== undefined && session.online.peek()) announce().catch((error: unknown) => log.report(error));
    }),
  );

  return { presence, announce, dispose: () => void disposer.dispose() };
};
