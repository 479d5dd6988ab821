/** The always-on plugins, in no particular order: each says what it requires. */
import type { Plugin } from '../app/plugin.js';
import { carbons } from './carbons.js';
import { chatStatesPlugin } from './chat-states.js';
import { receipts } from './receipts.js';

export const features: readonly Plugin[] = [carbons, receipts, chatStatesPlugin];
