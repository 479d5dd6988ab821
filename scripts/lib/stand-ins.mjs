// Leaves out of @xmpp what Stoa replaces: see src/xmpp/stand-ins.ts.
import { join } from 'node:path';
import { root } from './root.mjs';

const replaced = ['events', '@xmpp/jid', 'ltx/lib/parsers/ltx.js'];

/** For builds and tests alike, before any other resolver. */
export const standIns = () => ({ name: 'stand-ins', resolveId: (source) => (replaced.includes(source) ? join(root, 'src/xmpp/stand-ins.ts') : undefined) });
