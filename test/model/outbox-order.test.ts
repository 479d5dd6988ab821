import { expect } from '@open-wc/testing';
import { Registry } from '../../src/base/slot.js';
import { direct } from '../../src/model/direct.js';
import { createOutbox } from '../../src/model/outbox.js';
import type { Fate, Session } from '../../src/xmpp/session.js';
import { bodyOf } from '../support/headless-chat.js';
import { fakeEnvironment } from '../support/fake-environment.js';
import { settle } from '../support/quiet.js';
import { until } from '../support/until.js';
import type { XmlElement } from '../../src/xmpp/xml.js';
import { ANA, BO, newStore, quietLog, removeStores } from '../store/support.js';

describe('the order of the outbox', () => {
  afterEach(removeStores);

  it('is kept while what was never written comes back from a stream that is gone: what was written after it waits', async () => {
    const store = await newStore('memory');
    const handed: { readonly text: string | undefined; readonly claim: string }[] = [];
    let tell: (claim: string, fate: Fate) => Promise<void> = () => Promise.resolve();
    const session = {
      online: { peek: () => true },
      on: () => () => undefined,
      onFate: (run: typeof tell) => {
        tell = run;
        return () => undefined;
      },
      expects: () => true,
      // As a stream does when it takes something over.
      send: async (stanza: XmlElement, claim: string) => {
        const { storage } = await store.hold(ANA);
        await storage.save(() => undefined, [{ id: claim, xml: '<message/>' }]);
        handed.push({ text: bodyOf(stanza), claim });
      },
    } as unknown as Session;
    let back: () => void = () => undefined;
    const released = new Promise<void>(resolve => (back = resolve));
    const slow = { ...store, outbox: { ...store.outbox, release: (...entry: Parameters<typeof store.outbox.release>) => released.then(() => store.outbox.release(...entry)) } };
    const outbox = createOutbox({
      account: ANA, store: slow, registry: new Registry(), environment: fakeEnvironment(), log: quietLog().log,
      kind: () => direct, protection: () => Promise.resolve(null), announce: () => undefined,
    });
    const texts = (): readonly (string | undefined)[] => handed.map(({ text }) => text);
    outbox.attach(session);

    await outbox.send(BO, direct, 'first');
    await until('the first', () => handed.length === 1);
    const coming = tell(handed[0]?.claim ?? '', 'unsent');
    await outbox.send(BO, direct, 'second');
    await settle();
    expect(texts()).to.deep.equal(['first']);
    back();
    await coming;
    await until('both', () => handed.length === 3, () => texts().join(', '));
    expect(texts()).to.deep.equal(['first', 'first', 'second']);
  });
});
