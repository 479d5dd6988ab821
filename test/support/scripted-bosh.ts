/** A BOSH connection manager (XEP-0124) in front of the scripted server, behind a fake fetch, with a network between that loses what a test says. */
import { attr, elements, parseXml } from '../../src/xmpp/xml.js';
import { GONE, startManager, type BoshManager, type Posted } from './bosh-manager.js';
import { startEjabberdManager } from './ejabberd-bosh-manager.js';
import { track } from './quiet.js';
import { scriptedServer, type ScriptedServer, type ServerScript } from './scripted-server.js';

/** What becomes of one HTTP request: it passes · is lost on the way there, or on the way back · nobody hears of it again, or the server hears it alone · or somebody else answers it. */
export type Passage = 'pass' | 'lost before' | 'lost after' | 'silence' | 'deaf' | Response;

export interface BoshScript extends ServerScript {
  /** Attributes of the session creation response; undefined: left out. One with `maxpause` does as ejabberd does, any other as Prosody. */
  readonly terms?: Readonly<Record<string, string | undefined>>;
  readonly passage?: (posted: Posted, index: number) => Passage;
}

export interface ScriptedBosh {
  readonly fetch: typeof fetch;
  /** The server behind it. */
  readonly server: ScriptedServer;
  /** Everything that was asked for, in order. */
  readonly posted: readonly Posted[];
  /** How many requests nobody has answered or given up. */
  readonly open: number;
  /** Ids of the sessions that there were. */
  readonly sessions: readonly string[];
  passage: (posted: Posted, index: number) => Passage;
  /** What an answer waits for on its way back. */
  delay: (rid: number) => Promise<void> | undefined;
  /** The time that a request may be held is over. */
  waited(): void;
  /** Answers the oldest request that is held with this text, whatever it is, and remembers it as the answer. */
  answer(text: string): void;
  /** The server forgets all sessions. */
  forget(): void;
}

const xmlResponse = (text: string): Response => new Response(text, { headers: { 'Content-Type': 'text/xml; charset=utf-8' } });

export const scriptedBosh = (script: BoshScript = {}): ScriptedBosh => {
  const server = scriptedServer({ accounts: { ana: 'secret' }, sm: false, ...script });
  const posted: Posted[] = [];
  const sessions: string[] = [];
  let open = 0;
  let session: BoshManager | undefined;

  const makeSession = (creation: Posted): BoshManager => {
    const sid = `sid-${sessions.length + 1}`;
    sessions.push(sid);
    const start = script.terms?.['maxpause'] === undefined ? startManager : startEjabberdManager;
    const made: BoshManager = start({
      sid,
      first: creation.rid,
      terms: script.terms ?? {},
      socket: new server.WebSocket('ws://localhost/', ['xmpp']),
      onOver: () => {
        if (session === made) session = undefined;
      },
    });
    return made;
  };

  const take = (request: Posted, answer: (text: string) => void): void => {
    const sid = attr(request.body, 'sid');
    if (sid === undefined) session = makeSession(request);
    if (!session || (sid !== undefined && sid !== session.sid)) answer(GONE);
    else session.take(request, { rid: request.rid, answer });
  };

  const fakeFetch = (url: string, init: RequestInit = {}): Promise<Response> => {
    const text = typeof init.body === 'string' ? init.body : '';
    const body = parseXml(text);
    if (!body) throw new Error(`The client sent something that is no XML: ${text}`);
    const request: Posted = { url, init, body, text, rid: Number(attr(body, 'rid')), payloads: elements(body) };
    const passage = bosh.passage(request, posted.push(request) - 1);
    open++;
    return new Promise<Response>((resolve, reject) => {
      let done = false;
      const settle = (run: () => void): void => {
        if (done) return;
        done = true;
        open--;
        run();
      };
      const lose = (): void => settle(() => reject(new TypeError('Failed to fetch')));
      const later = (run: () => void): void => void track(new Promise<void>(next => setTimeout(() => next(run()))));
      if (init.signal?.aborted) lose();
      init.signal?.addEventListener('abort', () => settle(() => reject(new DOMException('The user aborted a request.', 'AbortError'))));
      if (passage === 'silence') return;
      if (passage === 'lost before') return later(lose);
      if (passage instanceof Response) return later(() => settle(() => resolve(passage)));
      return later(() => {
        take(request, answer => {
          if (passage === 'lost after' || passage === 'deaf') return;
          const arrive = (): void => later(() => settle(() => resolve(xmlResponse(answer))));
          const way = bosh.delay(request.rid);
          if (way) void way.then(arrive);
          else arrive();
        });
        if (passage === 'lost after') later(lose);
      });
    });
  };

  const bosh: ScriptedBosh = {
    fetch: fakeFetch as typeof fetch,
    server,
    posted,
    get open() {
      return open;
    },
    sessions,
    passage: script.passage ?? (() => 'pass'),
    delay: () => undefined,
    waited: () => session?.waited(),
    answer: text => session?.answer(text),
    forget: () => {
      session?.forgotten();
      session = undefined;
    },
  };
  return bosh;
};
