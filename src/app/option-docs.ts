/** What the README says of each option; `options` writes its table from here. */
import type { OptionName } from './config.js';

export interface OptionDoc {
  /** What may be given, in Markdown. */
  readonly type: string;
  readonly default: string;
  readonly does: string;
}

export const optionDocs: Readonly<Record<OptionName, OptionDoc>> = {
  mode: { type: '`bubble` \\| `inline` \\| `page`', default: '`bubble`', does: 'A button in the corner, a conversation in a box of the page, or a full client.' },
  domain: { type: 'domain', default: 'the domain of `to`', does: 'The XMPP server that people log in to; for visitors the host that lets guests in, such as `guest.example.org`.' },
  service: { type: '`wss://` and `https://` addresses', default: 'found by `domain`', does: 'Where the server listens for WebSocket or BOSH; several, with spaces between them, are tried in their order.' },
  to: { type: 'address', default: 'none', does: 'Whom a visitor talks to; needed in the modes `bubble` and `inline`.' },
  auth: { type: '`anonymous` \\| `password` \\| `token`', default: '`anonymous`; in mode `page` `password`', does: 'Whether people come as guests, log in with their account, or are logged in by the site.' },
  token: { type: 'function, set by a script', default: 'none', does: 'With `auth` `token`: gives a promise of a token that says who the visitor is. It is called for each login, and once more when the server refuses one.' },
  username: { type: 'text', default: 'the token says whose it is', does: 'With `auth` `token`: the part of the account’s address before the @.' },
  mechanism: { type: '`oauthbearer` \\| `plain`', default: '`oauthbearer`', does: 'With `auth` `token`: whether the server takes the token as such (OAUTHBEARER, X-OAUTH2) or in the place of a password (PLAIN).' },
  theme: { type: '`auto` \\| `light` \\| `dark` \\| `contrast`', default: '`auto`', does: 'Colours; `auto` follows the page, else the system.' },
  locale: { type: 'BCP 47 tag', default: "the page's `lang`", does: 'Language of dates and words.' },
  storage: { type: '`local` \\| `session` \\| `none`', default: '`local`', does: 'How long a conversation is kept on the device: for good, until the tab closes, or not at all.' },
  label: { type: 'text', default: 'none', does: 'Words on the launcher beside its icon.' },
};
