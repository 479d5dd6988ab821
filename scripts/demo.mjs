// Shows Stoa: sets up what is missing, builds if the sources have changed, starts a server and the pages, and leaves nothing behind.
import { ensureBuilt } from './lib/built.mjs';
import { onAbandoned } from './lib/starters.mjs';
import { setup } from './setup.mjs';

/** @type {Promise<{ stop(): Promise<void> }> | undefined} */
let starting;
let ending;

/** Ends everything once, whoever asks: Ctrl-C, a closed terminal, or the death of who started us. */
function end(code) {
  ending ??= (async () => {
    // A terminal that is gone must not keep us from tidying up.
    process.stdout.on('error', () => undefined);
    process.stderr.on('error', () => undefined);
    try {
      await (await starting)?.stop();
    } finally {
      process.exit(code);
    }
  })();
  return ending;
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(0));
onAbandoned(() => end(0));

async function show(folder) {
  await setup(['prosody']);
  await ensureBuilt();
  if (ending) return;
  const { startDemo } = await import('../demo/server/demo.mjs');
  starting = startDemo({ folder, tell: console.log });
  const { url, pages, accounts, service } = await starting;
  if (ending) return;
  const wide = Math.max(0, ...pages.map(({ title }) => title.length));
  console.log(`
Stoa is on ${url}

${pages.map(({ title, address }) => `  ${title.padEnd(wide)}  ${address}`).join('\n')}

Accounts, for the page client:

${accounts.map(({ address, password }) => `  ${address}  password: ${password}`).join('\n')}

The XMPP server listens on ${service}. Ctrl-C ends all of it.`);
}

const [option, folder] = process.argv.slice(2);
try {
  if (option !== undefined && (option !== '--data' || !folder)) throw new Error(`The demo knows one option, --data FOLDER, and not “${option}”.`);
  await show(folder);
} catch (error) {
  // Whoever ended us has no use for what failed because of that.
  if (ending) await ending;
  console.error(error.message);
  starting = undefined;
  await end(1);
}
