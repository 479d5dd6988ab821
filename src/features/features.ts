/** The always-on plugins, in no particular order: each says what it requires. */
import type { Auth } from '../app/config.js';
import { definePlugin, type Plugin } from '../app/plugin.js';
import { chatStatesPlugin } from './chat-states.js';
import { receipts } from './receipts.js';

/** Only accounts have other devices, so only they load what it takes. */
const carbons = definePlugin({ id: 'carbons', setup: async ctx => (await import('./carbons.js')).carbons.setup(ctx) });

/** The plugins of a chat to which people come in this way. */
export const featuresFor = (auth: Auth): readonly Plugin[] => [...(auth === 'anonymous' ? [] : [carbons]), receipts, chatStatesPlugin];
