/** All style sheets of the screen, in the order in which they are adopted. */
import { base } from './base.js';
import { composer } from './composer.js';
import { conversation } from './conversation.js';
import { message } from './message.js';
import { shell } from './shell.js';
import { timeline } from './timeline.js';
import { tokens } from './tokens.js';
import { typing } from './typing.js';

export const styles: readonly CSSStyleSheet[] = [tokens, base, shell, conversation, timeline, message, typing, composer];
