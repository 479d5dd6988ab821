/** From a message that waits to the stanza that is written: never in the clear where a seal is asked for. */
import { ChatError, toChatError } from '../base/errors.js';
import { runPipeline } from '../base/pipeline.js';
import type { Registry } from '../base/slot.js';
import type { OutboxEntry } from '../store/store.js';
import { parseXml, type XmlElement } from '../xmpp/xml.js';
import type { ConversationKind } from './kind.js';
import { restoreDraft } from './outbound-draft.js';
import { buildMessage } from './outbound-stanza.js';
import { outbound } from './slots.js';

export interface SealParts {
  readonly registry: Registry;
  kind(id: string): ConversationKind | undefined;
}

/** The stanza as it will be written: sealed before, or sealed now. Rejects with ChatError message/not-sealed rather than send without the seal that its conversation asks for (null: none). */
export const seal = async (entry: OutboxEntry, asked: string | null, { registry, kind }: SealParts): Promise<XmlElement> => {
  const before = entry.sealed === undefined ? undefined : parseXml(entry.sealed);
  if (before) return before;
  const its = kind(entry.kind);
  if (!its) throw new ChatError('message', 'kind-missing', 'later');
  const draft = restoreDraft(entry, its);
  const halt = await runPipeline(['seal'], registry.all(outbound).peek(), draft);
  if (halt?.kind === 'error') throw toChatError(halt.error, 'message', 'seal-failed', 'user');
  const secret = Object.values(draft.secret).some(value => value !== undefined && value !== '');
  if (secret && draft.sealedBy !== asked) throw new ChatError('message', 'not-sealed', 'user');
  return buildMessage(draft);
};
