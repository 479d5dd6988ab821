/** What one's other devices sent and received (XEP-0280), handed back to the router as if it had come here. */
import { definePlugin } from '../app/plugin.js';
import { bareJid, parseJid } from '../base/jid.js';
import { stanzaHandlers } from '../xmpp/slots.js';
import { CARBONS_NS, enableCarbons, unwrapCarbon } from '../xmpp/xep/0280-carbons.js';
import { attr } from '../xmpp/xml.js';

export const carbons = definePlugin({
  id: 'carbons',
  setup(ctx) {
    for (const direction of ['sent', 'received'] as const) {
      ctx.add(stanzaHandlers, {
        claim: { kind: 'message', child: { name: direction, ns: CARBONS_NS } },
        handle: async ({ stanza, origin }) => {
          const self = ctx.session.account;
          const from = attr(stanza, 'from');
          // XEP-0280 §11: only the own bare JID may wrap; a wrapped wrapper is never unwrapped.
          if (origin.kind !== 'live' || self === undefined || (from !== undefined && parseJid(from)?.full !== self)) return;
          const inner = unwrapCarbon(stanza, direction);
          if (!inner || attr(inner, 'type') === 'groupchat') return;
          const own = bareJid(attr(inner, direction === 'sent' ? 'from' : 'to'));
          if (own !== undefined && own !== self) return;
          await ctx.session.router.route(inner, { kind: 'carbon', direction });
        },
      });
    }
    ctx.whileOnline(session => {
      // Enabled with the binding (XEP-0386).
      if (session.carbons) return;
      ctx.disco
        .info(session.domain)
        .then(({ features }) => (features.includes(CARBONS_NS) ? session.request(enableCarbons()) : undefined))
        .catch((error: unknown) => (session.online.peek() ? ctx.log.report(error) : undefined));
    });
  },
});
