/** XMPP addresses (RFC 7622), read without ever throwing. */

/** A parsed and normalised address. */
export interface Jid {
  /** Part before the `@`, or an empty string for a server. */
  readonly local: string;
  readonly domain: string;
  /** Part after the first `/`, or an empty string for a bare address. */
  readonly resource: string;
  readonly bare: string;
  readonly full: string;
}

const MAX_PART_BYTES = 1023;
/* RFC 7622 §3.3.1 forbids these in the local part, besides white space and controls. */
// eslint-disable-next-line no-control-regex -- controls are what is refused here
const FORBIDDEN_LOCAL = /["&'/:<>@\s\u0000-\u001f\u007f]/u;
// eslint-disable-next-line no-control-regex -- controls are what is refused here
const FORBIDDEN_RESOURCE = /[\u0000-\u001f\u007f]/u;
const FORBIDDEN_DOMAIN = /[\s/@<>"'&?#\\%]/u;

const bytes = (text: string): number => new TextEncoder().encode(text).length;

const normaliseDomain = (text: string): string | undefined => {
  const trimmed = text.replace(/\.$/u, '').normalize('NFKC').toLowerCase();
  if (!trimmed || FORBIDDEN_DOMAIN.test(trimmed)) return undefined;
  if (/^\[[0-9a-f:.]+\]$/u.test(trimmed)) return trimmed;
  if (trimmed.includes(':')) return undefined;
  if (!URL.canParse(`http://${trimmed}`)) return undefined;
  // The platform's URL parser does IDNA, but servers know themselves by their own letters (RFC 7622 §3.2.1), not by the form of the DNS.
  const { hostname } = new URL(`http://${trimmed}`);
  return hostname.includes('xn--') ? trimmed : hostname;
};

const fit = (text: string): string | undefined => (text && bytes(text) <= MAX_PART_BYTES ? text : undefined);

/** Reads an address; undefined if it is none. The server has the last word on what it accepts. */
export const parseJid = (text: string | null | undefined): Jid | undefined => {
  if (typeof text !== 'string' || text.length > 3 * MAX_PART_BYTES + 2) return undefined;
  const slash = text.indexOf('/');
  const bareText = slash < 0 ? text : text.slice(0, slash);
  const at = bareText.indexOf('@');
  const domain = normaliseDomain(bareText.slice(at + 1));
  if (!domain || bytes(domain) > MAX_PART_BYTES) return undefined;
  let local = '';
  if (at >= 0) {
    const prepared = fit(bareText.slice(0, at).normalize('NFKC').toLowerCase().normalize('NFC'));
    if (!prepared || FORBIDDEN_LOCAL.test(prepared)) return undefined;
    local = prepared;
  }
  let resource = '';
  if (slash >= 0) {
    const prepared = fit(text.slice(slash + 1).normalize('NFC'));
    if (!prepared || FORBIDDEN_RESOURCE.test(prepared)) return undefined;
    resource = prepared;
  }
  const bare = local ? `${local}@${domain}` : domain;
  return { local, domain, resource, bare, full: resource ? `${bare}/${resource}` : bare };
};

/** The bare form of an address, normalised; undefined if it is none. */
export const bareJid = (text: string | null | undefined): string | undefined => parseJid(text)?.bare;
