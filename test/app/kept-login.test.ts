import { expect } from '@open-wc/testing';
import { DEVICE } from '../../src/app/device.js';
import { keptLogins, type KeptLogins } from '../../src/app/kept-login.js';
import type { Store } from '../../src/store/contract.js';
import type { LoginSecret } from '../../src/xmpp/auth/login-memory.js';
import { KINDS, newStore, quietLog, removeStores } from '../store/support.js';
import { until } from '../support/until.js';

const ANA = 'ana@example.org';
const BO = 'bo@example.org';
const FAST: LoginSecret = { fast: { token: 'the token', mechanism: 'HT-SHA-256-NONE', count: 0 } };
const KEYS: LoginSecret = { keys: { hash: 'SHA-256', salt: 'c2FsdA==', iterations: 4096, clientKey: 'Y2xpZW50', serverKey: 'c2VydmVy' } };

for (const kind of KINDS) {
  describe(`staying signed in, in ${kind}`, () => {
    let store: Store;
    const onPage = (): KeptLogins => keptLogins({ store, log: quietLog().log });
    const stored = <T>(key: string): Promise<T | undefined> => store.keyvalue.get<T>(DEVICE, key);
    /** Ana signs in on a page and the login brings this. */
    const signIn = async (brought: LoginSecret, stay: boolean | undefined = true, address = ANA): Promise<KeptLogins> => {
      const page = onPage();
      const memory = await page.memory(address, stay === undefined ? {} : { stay });
      memory.pins = { strongest: 2 };
      memory.secret = brought;
      await page.settled();
      return page;
    };

    beforeEach(async () => {
      store = await newStore(kind);
    });
    afterEach(removeStores);

    it('is nothing that happens by itself', async () => {
      expect(await onPage().load()).to.equal(undefined);
      await signIn(FAST, false);
      expect(await onPage().load()).to.equal(undefined);
    });

    it('gives the next page what the last login brought', async () => {
      await signIn(FAST);
      expect(await onPage().load()).to.deep.equal({ address: ANA });
      expect((await onPage().memory(ANA)).secret).to.deep.equal(FAST);
      const later = await onPage().memory(ANA);
      later.secret = { ...FAST, ...KEYS };
      await until('the newer secret', async () => (await onPage().memory(ANA)).secret.keys !== undefined);
    });

    it('notes who wished it where nothing can be kept, and never what was typed', async () => {
      const page = onPage();
      const memory = await page.memory(ANA, { stay: true });
      memory.password = 'what was typed';
      memory.secret = {};
      await page.settled();
      expect(await onPage().load()).to.deep.equal({ address: ANA, refused: 'stay-not-kept' });
      expect((await onPage().memory(ANA)).secret).to.deep.equal({});
      expect((await onPage().memory(ANA)).password).to.equal(undefined);
      memory.secret = KEYS;
      await until('the keys', async () => (await onPage().load())?.refused === undefined);
      await page.drop();
      expect(await onPage().load()).to.equal(undefined);
    });

    it('keeps nothing before a login has succeeded', async () => {
      const page = onPage();
      const memory = await page.memory(ANA, { stay: true });
      memory.pins = { strongest: 3 };
      expect(await page.load()).to.equal(undefined);
      expect((await onPage().memory(ANA)).pins).to.deep.equal({ strongest: 0 });
    });

    it('leaves nothing to read without the key, which no script can take out', async () => {
      await signIn({ ...FAST, ...KEYS });
      const kept = await stored<{ readonly sealed: { readonly data: ArrayBuffer } }>('login');
      const readable = new TextDecoder().decode(kept?.sealed.data) + JSON.stringify(kept);
      for (const secret of ['the token', 'Y2xpZW50', 'c2VydmVy']) expect(readable).not.to.contain(secret);
      const key = await stored<CryptoKey>('login-key');
      expect(key?.extractable).to.equal(false);
      const refused = key ? await crypto.subtle.exportKey('raw', key).then(() => 'given out', () => 'refused') : 'no key';
      expect(refused).to.equal('refused');
    });

    it('is over after it was dropped, also for memories that are still about', async () => {
      const page = onPage();
      const memory = await page.memory(ANA, { stay: true });
      memory.secret = FAST;
      await page.drop();
      memory.secret = KEYS;
      expect(await page.load()).to.equal(undefined);
      expect(await stored('login')).to.equal(undefined);
      expect(await stored('login-key')).to.equal(undefined);
    });

    it('is over in every tab when one has dropped it', async () => {
      await signIn(FAST);
      const other = onPage();
      const memory = await other.memory(ANA);
      await onPage().drop();
      memory.secret = KEYS;
      expect(await other.load()).to.equal(undefined);
    });

    it('is over, too, where a tab was just about to keep what its login brought', async () => {
      for (const at of ['login', 'login-key']) {
        await signIn(FAST);
        let dropped = false;
        // Another tab drops it between what this one has read and what it writes.
        const get = async <T>(account: string, key: string): Promise<T | undefined> => {
          const value = await store.keyvalue.get<T>(account, key);
          if (armed && key === at && !dropped) {
            dropped = true;
            await onPage().drop();
          }
          return value;
        };
        let armed = false;
        const other = keptLogins({ store: { keyvalue: { ...store.keyvalue, get } }, log: quietLog().log });
        const memory = await other.memory(ANA);
        armed = true;
        memory.secret = KEYS;
        await other.settled();
        expect([dropped, await onPage().load()], at).to.deep.equal([true, undefined]);
      }
    });

    it('is over when somebody signs in without it', async () => {
      await signIn(FAST);
      await signIn(FAST, false, BO);
      expect(await onPage().load()).to.equal(undefined);
    });

    it('is for one account, the last that asked for it', async () => {
      await signIn(FAST);
      await signIn(KEYS, true, BO);
      expect(await onPage().load()).to.deep.equal({ address: BO });
      expect((await onPage().memory(ANA)).secret).to.deep.equal({});
    });

    it('is over when the key is gone, or what is kept was changed or belongs to somebody else', async () => {
      for (const spoil of [
        () => store.keyvalue.delete(DEVICE, 'login-key'),
        async () => store.keyvalue.set(DEVICE, 'login', { ...(await stored<object>('login')), address: BO }),
        async () => store.keyvalue.set(DEVICE, 'login', { address: ANA, sealed: { iv: new Uint8Array(12), data: new ArrayBuffer(40) } }),
      ]) {
        await signIn(FAST);
        await spoil();
        expect(await onPage().load()).to.equal(undefined);
        expect((await onPage().memory(ANA)).secret).to.deep.equal({});
        await onPage().drop();
      }
    });

    it('goes on without a wrap where the browser can keep no key', async () => {
      const { set } = store.keyvalue;
      const page = keptLogins({ store: { keyvalue: { ...store.keyvalue, set: (account, key, value) => (value instanceof CryptoKey ? Promise.reject(new DOMException('no', 'DataCloneError')) : set(account, key, value)) } }, log: quietLog().log });
      (await page.memory(ANA, { stay: true })).secret = FAST;
      await page.settled();
      expect((await onPage().memory(ANA)).secret).to.deep.equal(FAST);
    });

    it('keeps pins and the id of the device for each account, whoever stays signed in', async () => {
      await signIn(FAST, false);
      const ana = await onPage().memory(ANA);
      expect(ana.pins).to.deep.equal({ strongest: 2 });
      expect(ana.userAgent).to.match(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
      await onPage().drop();
      expect((await onPage().memory(ANA)).userAgent).to.equal(ana.userAgent);
      expect((await onPage().memory(BO)).userAgent).not.to.equal(ana.userAgent);
      expect(JSON.stringify(await stored(`login/${ANA}`))).not.to.contain('token');
    });

    it('takes what another tab has, and tells what each login brings', async () => {
      const told: unknown[] = [];
      const memory = await onPage().memory(ANA, { secret: FAST, changed: (...what) => void told.push(what) });
      expect(memory.secret).to.deep.equal(FAST);
      memory.pins = { strongest: 1 };
      memory.secret = KEYS;
      expect(told).to.deep.equal([[KEYS, { strongest: 1 }]]);
      expect(await onPage().load()).to.equal(undefined);
    });
  });
}
