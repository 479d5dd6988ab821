/** Text from the network as safe template values: links by an allowlist, names without tricks, never any HTML. */
import { html, nothing, type TemplateResult } from 'lit/html.js';

const SCHEMES: readonly string[] = ['https:', 'http:', 'mailto:', 'xmpp:', 'tel:', 'geo:'];

/* Invisible and direction characters end a link, or it could show another address than it leads to. */
const LINK = /(?<![\p{L}\p{N}])(?:(?:https?:\/\/|mailto:|xmpp:|tel:|geo:)|www\.)[^\s<>"“”«»\p{C}\p{DI}]+/giu;
const AFTER = /[.,;:!?'’*_~…。，、！？：；）】」』]/u;
const BRACKETS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
const LONGEST_LINK = 2048;

export type Piece = string | { readonly href: string; readonly text: string };

/** Cuts off what belongs to the sentence around a link: punctuation, and a bracket that it does not open. */
const trimLink = (link: string): string => {
  const count: Record<string, number> = {};
  for (const character of link) count[character] = (count[character] ?? 0) + 1;
  let end = link.length;
  for (; end > 0; end -= 1) {
    const last = link.charAt(end - 1);
    const opening = BRACKETS[last];
    if (opening === undefined ? !AFTER.test(last) : (count[opening] ?? 0) >= (count[last] ?? 0)) break;
    count[last] = (count[last] ?? 0) - 1;
  }
  return link.slice(0, end);
};

/** The address behind the text of a link; undefined if it is none that may be followed. */
const addressOf = (text: string): string | undefined => {
  const full = /^www\./iu.test(text) ? `https://${text}` : text;
  if (full.length > LONGEST_LINK || !URL.canParse(full)) return undefined;
  const { protocol, username, password, hostname, pathname, href } = new URL(full);
  if (!SCHEMES.includes(protocol)) return undefined;
  // Before an @ anything can stand that looks like another site's name.
  if (protocol.startsWith('http')) return username || password || !hostname ? undefined : href;
  return pathname ? href : undefined;
};

/** Splits a text into what is plain and what is a link. */
export const pieces = (text: string): readonly Piece[] => {
  const found: Piece[] = [];
  let done = 0;
  for (const match of text.matchAll(LINK)) {
    const link = match[0].length > LONGEST_LINK ? '' : trimLink(match[0]);
    const href = addressOf(link);
    if (href === undefined) continue;
    if (match.index > done) found.push(text.slice(done, match.index));
    found.push({ href, text: link });
    done = match.index + link.length;
  }
  if (done < text.length) found.push(text.slice(done));
  return found;
};

/** A text with its links. Unless `reachable`, the links are no stops of the Tab key. */
export const textTemplate = (text: string, reachable: boolean): unknown =>
  pieces(text).map(piece => (typeof piece === 'string' ? piece : link(piece.href, piece.text, reachable)));

const link = (href: string, text: string, reachable: boolean): TemplateResult =>
  html`<a href=${href} target="_blank" rel="noopener noreferrer" tabindex=${reachable ? nothing : '-1'}>${text}</a>`;

const EMOJI = /^(?:\s*(?:\p{RI}\p{RI}|[\d#*]\uFE0F?\u20E3|(?:\p{EPres}\uFE0F?|\p{ExtPict}\uFE0F)\p{EMod}?|\p{ExtPict}\p{EMod})(?:[\u{E0020}-\u{E007F}]+|(?:\u200D\p{ExtPict}\uFE0F?\p{EMod}?)*)){1,3}\s*$/u;
const LONGEST_EMOJI = 90;

/** Whether a text is one to three emoji and nothing else. */
export const isEmoji = (text: string): boolean => text.length <= LONGEST_EMOJI && EMOJI.test(text);

const TRICKY = /[\p{DI}\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu;
/* Joiners and variation selectors are part of emoji and of scripts whose letters join. */
const JOINER = /\u200C|\u200D|\uFE0E|\uFE0F/u;
const JOINED = /[\p{ExtPict}\p{EMod}\uFE0F\p{sc=Arab}\p{sc=Syrc}\p{sc=Deva}\p{sc=Beng}\p{sc=Mlym}\p{sc=Sinh}\p{sc=Knda}\p{sc=Telu}\p{sc=Taml}\p{sc=Gujr}\p{sc=Guru}\p{sc=Orya}]/u;
const LONGEST_NAME = 200;

/** A name as it may stand beside other text: on one line, with invisible and direction characters made visible as ▯. */
export const visibleName = (name: string): string =>
  name
    .slice(0, LONGEST_NAME)
    .replace(TRICKY, (character, at: number, whole: string) => (JOINER.test(character) && JOINED.test(Array.from(whole.slice(0, at)).at(-1) ?? '') ? character : '▯'))
    .trim();
