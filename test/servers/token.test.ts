/** People whom the site logs in: real servers take its tokens, and a page says what is wrong where they do not. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { chatIn } from '../support/chat.js';
import type { Tab } from '../support/tab.js';
import { until } from '../support/until.js';
import { page, people, startWorld, type ServerName, type World } from '../support/world.js';

declare global {
  interface Window {
    /** How often the page was asked for a token. */
    asked: number;
  }
}

/** The page gives the tokens that the site has for it, one after another. */
const tokenScript = (place: string): string => `<script>
window.asked = 0;
document.querySelector('stoa-chat').token = async () => {
  const answer = await fetch('${place}/token-' + ++window.asked + '.txt');
  if (!answer.ok) throw new Error('The site gives none.');
  return answer.text();
};
</script>`;

/** A page of a place of its own, in a browser of its own. */
const inPage = async (world: World, place: string, more: Readonly<Record<string, string>>, ...tokens: readonly string[]): Promise<Tab> => {
  tokens.forEach((token, index) => world.serve(`${place}/token-${index + 1}.txt`, token));
  const tab = await (await world.newProfile()).newTab();
  await tab.open(world.serve(place, page(world.element({ mode: 'inline', auth: 'token', domain: world.server.domain, ...more }) + tokenScript(place))));
  return tab;
};

const says = async (tab: Tab, sentence: RegExp): Promise<void> => {
  let last = '';
  await until(`a sentence like ${String(sentence)}`, async () => sentence.test((last = (await chatIn(tab).look()).problem)), () => `It says: ${last}`);
};

describe('ejabberd, which takes tokens as X-OAUTH2', () => {
  let world: World;
  /** A token for Ana, as a site gets it from its server. */
  const issue = async (): Promise<string> => {
    const answer = await fetch(`http://127.0.0.1:${world.server.port}/api/oauth_issue_token`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ jid: 'ana@localhost', ttl: 600, scopes: 'sasl_auth' }) });
    assert.ok(answer.ok, await answer.clone().text());
    return ((await answer.json()) as { token: string }).token;
  };
  before(async () => void (world = await startWorld({ server: 'ejabberd' })));
  after(() => world.stop());

  it('lets the account in without a login, and what it writes comes from it', async () => {
    const support = await world.peer('support');
    const tab = await inPage(world, '/good', { username: 'ana' }, await issue());
    await chatIn(tab).write('from whom the site knows');
    const { attrs } = await support.message(stanza => stanza.getChildText('body') === 'from whom the site knows');
    assert.match(attrs['from'] ?? '', /^ana@localhost\//u);
    assert.equal(await tab.run(() => window.asked), 1);
    await tab.close();
  });

  it('lets it in with a fresh token where the first is refused', async () => {
    const tab = await inPage(world, '/second', { username: 'ana' }, 'out-of-date', await issue());
    await tab.sees('stoa-chat >>> textarea');
    assert.equal(await tab.run(() => window.asked), 2);
    await tab.close();
  });

  it('keeps it out where the second is refused too, and the page says whom to tell', async () => {
    const tab = await inPage(world, '/third', { username: 'ana' }, 'out-of-date', 'as-bad', await issue());
    await says(tab, /^localhost does not accept the tokens of this page\. Tell the people who run this site\./u);
    assert.equal(await tab.run(() => window.asked), 2);
    await tab.click('stoa-chat >>> .problem button');
    await tab.sees('stoa-chat >>> textarea');
    await tab.close();
  });

  it('keeps it out where the site gives none, and the page says so', async () => {
    const tab = await inPage(world, '/none', { username: 'ana' });
    await says(tab, /^This page could not say who you are: its option “token” gave no token\./u);
    await tab.close();
  });
});

for (const server of ['prosody', 'ejabberd'] as const satisfies readonly ServerName[]) {
  describe(`${server}, where a token takes the place of a password`, () => {
    let world: World;
    before(async () => {
      world = await startWorld({ server });
      await world.server.adduser('ana', 'a-token', 'plain.localhost');
      await world.server.adduser('support', people.support, 'plain.localhost');
    });
    after(() => world.stop());

    it('lets the account in by PLAIN where the site says so, and not otherwise', async () => {
      const options = { domain: 'plain.localhost', to: 'support@plain.localhost', username: 'ana' };
      const tab = await inPage(world, '/plain', { ...options, mechanism: 'plain' }, 'a-token');
      await tab.sees('stoa-chat >>> textarea');
      await tab.close();
      const other = await inPage(world, '/bearer', options, 'a-token');
      await says(other, /^plain\.localhost offers no way to log in that can be used here\./u);
      await other.close();
    });
  });
}
