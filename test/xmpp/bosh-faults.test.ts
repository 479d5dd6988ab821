import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import { NS, text } from '../../src/xmpp/xml.js';
import { trouble } from '../../src/xmpp/trouble.js';
import { boshStream, testStorage, type TestStream } from '../support/bosh-stream.js';
import { settle } from '../support/quiet.js';
import type { Passage } from '../support/scripted-bosh.js';

const hello = (body: string): string => `<message xmlns='jabber:client' from='bo@example.org/x' type='chat'><body>${body}</body></message>`;
const sent = ({ bosh }: TestStream): readonly string[] => bosh.server.received.filter(({ name }) => name === 'message').map(message => text(message, 'body', NS.client) ?? '');

type Step = { readonly do: 'say' | 'come' | 'reload' } | { readonly do: 'pass time'; readonly ms: number };

const steps = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Step>({ do: 'say' }) },
    { weight: 4, arbitrary: fc.constant<Step>({ do: 'come' }) },
    { weight: 1, arbitrary: fc.constant<Step>({ do: 'reload' }) },
    { weight: 4, arbitrary: fc.integer({ min: 0, max: 2_500 }).map((ms): Step => ({ do: 'pass time', ms })) },
  ),
  { minLength: 4, maxLength: 16 },
);
const passages = fc.array(fc.constantFrom<Passage>('pass', 'pass', 'pass', 'lost before', 'lost after', 'lost after', 'silence', 'deaf'), { minLength: 1, maxLength: 12 });

const servers = { 'one like Prosody': {}, 'one like ejabberd': { terms: { maxpause: '120' } } };

for (const [server, script] of Object.entries(servers)) describe(`any order of faults over BOSH on the way to ${server}`, () => {
  it('loses, doubles and reorders nothing in either direction', async function () {
    this.timeout(120_000);
    await fc.assert(
      fc.asyncProperty(steps, passages, async (todo, faults) => {
        let made = boshStream(script);
        await made.online();
        const { bosh, environment } = made;
        await environment.advance(500);
        // A network that is never there is another matter.
        bosh.passage = (_, index) => (index % 4 === 3 ? 'pass' : (faults[index % faults.length] ?? 'pass'));
        const told: string[] = [];
        const got = new Set<string>();
        let said = 0;
        let stored = 0;
        let came = 0;
        const until = async (done: () => boolean): Promise<void> => {
          for (let seconds = 0; seconds < 100 && !done(); seconds += 5) await environment.advance(5_000);
          expect(done()).to.equal(true);
        };
        const leave = async (): Promise<void> => {
          made.stream.drop(trouble('connection-lost', 'the page is gone'));
          await settle();
          for (const body of made.got) got.add(body);
          told.push(...made.fates.map(([claim, fate]) => `${claim} ${fate}`));
        };
        for (const step of todo) {
          if (step.do === 'say') void made.say(String(++said)).then(() => stored++, () => undefined);
          else if (step.do === 'come') bosh.server.push(hello(String(++came)));
          else if (step.do === 'pass time') await environment.advance(step.ms);
          else {
            // What waits is written first, as nobody is there to hand it over again.
            await until(() => stored === said);
            await leave();
            made = boshStream(script, { bosh, environment, storage: testStorage(made.storage.state) });
            let on = false;
            const going = made.goOn().then(() => (on = true));
            await settle();
            await until(() => on);
            await going;
          }
          await settle();
        }
        bosh.passage = () => 'pass';
        await environment.advance(90_000);
        expect(made.error).to.equal(undefined);
        await leave();
        const all = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => String(index + 1));
        expect(sent(made)).to.deep.equal(all(said));
        expect([...got]).to.deep.equal(all(came));
        expect([...new Set(told)]).to.deep.equal(all(said).map(claim => `${claim} acknowledged`));
        expect(bosh.sessions).to.deep.equal(['sid-1']);
        expect(bosh.open).to.equal(0);
        expect(environment.left).to.equal(0);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a server like Prosody that is started anew while two requests are on their way', () => {
  for (const slow of [0, 1_000, 2_500, 4_000]) it(`is not taken to have what it never got (the newer one is ${slow} ms slower)`, async () => {
    const made = boshStream();
    await made.online();
    const { bosh, environment } = made;
    await environment.advance(1_000);
    const first = (bosh.posted.at(-1)?.rid ?? 0) + 1;
    let up = false;
    // Nothing arrives.
    bosh.passage = ({ rid }, index) => {
      if (up) return 'pass';
      return rid === first && !bosh.posted.slice(0, index).some(each => each.rid === first) ? 'lost before' : 'silence';
    };
    bosh.waited();
    await settle();
    void made.say('a').catch(() => undefined);
    await settle();
    await environment.advance(3_500);
    expect(new Set(bosh.posted.map(({ rid }) => rid).filter(rid => rid >= first)).size).to.equal(2);
    bosh.forget();
    up = true;
    bosh.delay = rid => (rid > first && slow > 0 ? new Promise(resolve => void environment.timer(slow, resolve)) : undefined);
    await environment.advance(60_000);
    expect(sent(made)).to.deep.equal([]);
    expect(made.fates).to.deep.equal([['a', 'lost']]);
    expect(made.error?.code).to.equal('session-gone');
    expect(environment.left).to.equal(0);
  });
});
