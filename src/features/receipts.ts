/** “Delivered”: asks for receipts, gives them to those one talks with, and believes them only from the addressee (XEP-0184). */
import { definePlugin } from '../app/plugin.js';
import { discoFeatures } from '../xmpp/slots.js';
import { inbound, outbound } from '../model/slots.js';
import type { InboundDraft } from '../model/inbound-draft.js';
import type { PluginContext } from '../app/plugin.js';
import { RECEIPTS_NS, receipt, receivedId, receiptRequest, wantsReceipt } from '../xmpp/xep/0184-receipts.js';

/** Never for archives, carbons or one's own messages, and never to strangers, to whom it would tell that one is here. */
const mayAnswer = ({ model, session }: PluginContext, { origin, mine, conversation }: InboundDraft): boolean => {
  if (origin.kind !== 'live' || mine || !session.online.peek()) return false;
  const subscription = model.contacts.peek()?.find(({ address }) => address === conversation)?.subscription;
  return subscription === 'both' || subscription === 'from' || model.conversation(conversation)?.answered.peek() === true;
};

export const receipts = definePlugin({
  id: 'receipts',
  setup(ctx) {
    ctx.add(discoFeatures, RECEIPTS_NS);
    ctx.add(outbound, {
      phase: 'stamp',
      run: draft => {
        if (draft.kind.recipients(draft.conversation)?.length === 1) draft.open.push(receiptRequest());
      },
    });
    ctx.add(inbound, {
      phase: 'apply',
      run: draft => {
        const id = receivedId(draft.stanza);
        if (id !== undefined && !draft.mine) draft.updates.push({ messageId: id, change: ({ mine, state }) => (mine && state !== 'read' ? { state: 'delivered' } : undefined) });
        if (draft.body === undefined || !draft.messageId || !wantsReceipt(draft.stanza) || !mayAnswer(ctx, draft)) return;
        draft.afterCommit.push(() => {
          ctx.session.send(receipt(draft.conversation, draft.messageId)).catch((error: unknown) => ctx.log.debug(`No receipt was sent: ${String(error)}`));
        });
      },
    });
  },
});
