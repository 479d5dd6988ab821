/** Turns a routed stanza into a draft: asks the kinds whose it is, and reads the ids and the time that may be believed. */
import type { Environment } from '../base/environment.js';
import type { Registry } from '../base/slot.js';
import type { Routed } from '../xmpp/router.js';
import { attr, NS, text } from '../xmpp/xml.js';
import { delayStamp } from '../xmpp/xep/0203-delay.js';
import { archiveId, originId } from '../xmpp/xep/0359-stanza-ids.js';
import type { InboundDraft } from './inbound-draft.js';
import { conversationKinds } from './slots.js';

interface Surroundings {
  readonly self: string;
  readonly registry: Registry;
  readonly environment: Environment;
  trustsArchive(archive: string): boolean;
}

const MAX_ID = 1024;
const shortEnough = (id: string | undefined): string | undefined => (id !== undefined && id.length <= MAX_ID ? id : undefined);

/** The draft for a message stanza; undefined if no kind knows it. */
export const addressDraft = (routed: Routed, { self, registry, environment, trustsArchive }: Surroundings): InboundDraft | undefined => {
  const { stanza, origin } = routed;
  for (const { value: kind } of registry.all(conversationKinds).peek()) {
    const addressed = kind.address(stanza, self, origin);
    if (!addressed) continue;
    const archive = kind.archive(addressed.conversation, self);
    const believed = origin.kind === 'archive' ? (origin.archive === archive ? origin.id : undefined) : trustsArchive(archive) ? archiveId(stanza, archive) : undefined;
    const id = shortEnough(believed);
    const origin359 = shortEnough(originId(stanza));
    const delayed = delayStamp(stanza);
    const body = text(stanza, 'body', NS.client);
    return {
      stanza,
      origin,
      kind,
      ...addressed,
      messageId: shortEnough(attr(stanza, 'id')) ?? '',
      ...(origin359 === undefined ? {} : { originId: origin359 }),
      ...(id === undefined ? {} : { archiveId: { by: archive, id } }),
      ...(origin.kind === 'archive'
        ? { time: origin.stamp, timeSource: 'archive' as const }
        : delayed === undefined
          ? { time: environment.now(), timeSource: 'clock' as const }
          : // Nothing was sent later than it came; lists of conversations go by this time.
            { time: Math.min(delayed, environment.now()), timeSource: 'delay' as const }),
      body: body === '' ? undefined : body,
      updates: [],
      commitWith: [],
      afterCommit: [],
    };
  }
  return undefined;
};
