// The two files by which a domain says where its server listens (XEP-0156), as a site owner would serve them.

/** @param {string} text */
const escape = (text) => text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Both files by their paths. Pages of other origins can read them only with the header `Access-Control-Allow-Origin: *`.
 *
 * @param {{ websocket?: string, bosh?: string }} addresses
 * @returns {Record<'/.well-known/host-meta.json' | '/.well-known/host-meta', string>}
 */
export function hostMeta({ websocket, bosh }) {
  const links = [
    { rel: 'urn:xmpp:alt-connections:websocket', href: websocket },
    { rel: 'urn:xmpp:alt-connections:xbosh', href: bosh },
  ].flatMap(({ rel, href }) => (href ? [{ rel, href }] : []));
  return {
    '/.well-known/host-meta.json': `${JSON.stringify({ links }, undefined, 2)}\n`,
    '/.well-known/host-meta': `<?xml version="1.0" encoding="utf-8"?>
<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">
${links.map(({ rel, href }) => `  <Link rel="${rel}" href="${escape(href)}"/>`).join('\n')}
</XRD>
`,
  };
}
