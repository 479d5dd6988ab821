/** All style sheets of the screen, in the order in which they are adopted. */
import { base } from './base.js';
import { composer } from './composer.js';
import { conversation } from './conversation.js';
import { shell } from './shell.js';
import { timeline } from './timeline.js';
import { tokens } from './tokens.js';

export const styles: readonly CSSStyleSheet[] = [tokens, base, shell, conversation, timeline, composer];
