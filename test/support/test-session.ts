/** A session with a scripted server, a still clock and an open log, in one line. */
import { createLog, type LogEntry } from '../../src/base/log.js';
import { Registry } from '../../src/base/slot.js';
import type { Status } from '../../src/entities/status.js';
import { forgetfulLogins } from '../../src/xmpp/auth/login-memory.js';
import { fixedEndpoints } from '../../src/xmpp/endpoint.js';
import { forgetfulStorage } from '../../src/xmpp/session-storage.js';
import { createSession, type Session, type SessionOptions } from '../../src/xmpp/session.js';
import { fakeEnvironment, type FakeEnvironment } from './fake-environment.js';
import { settle } from './quiet.js';
import { scriptedServer, type ScriptedServer, type ServerScript } from './scripted-server.js';

export const ANA = { kind: 'password', username: 'ana', password: 'secret' } as const;
export const VISITOR = { kind: 'anonymous' } as const;

export interface TestSession {
  readonly session: Session;
  readonly server: ScriptedServer;
  readonly environment: FakeEnvironment;
  readonly registry: Registry;
  readonly log: readonly LogEntry[];
  /** Errors that were reported. */
  readonly errors: () => readonly string[];
  /** Settles when the status has the name. */
  status(name: Status['name']): Promise<Status>;
  /** The code of the problem that is shown now. */
  readonly problem: string | undefined;
}

/** By default Ana, with her right password. Nothing is connected yet. */
export const testSession = (script: ServerScript = {}, options: Partial<SessionOptions> = {}): TestSession => {
  const server = scriptedServer({ accounts: { ana: 'secret' }, ...script });
  const environment = fakeEnvironment();
  const registry = new Registry();
  const entries: LogEntry[] = [];
  const session = createSession({
    endpoints: fixedEndpoints('ws://localhost:5280/xmpp'),
    memory: forgetfulLogins(),
    storage: forgetfulStorage(),
    domain: script.domain ?? 'example.org',
    credentials: ANA,
    environment,
    registry,
    log: createLog('session', entry => void entries.push(entry)),
    WebSocket: server.WebSocket,
    ...options,
  });
  return {
    session,
    server,
    environment,
    registry,
    log: entries,
    errors: () => entries.filter(({ level }) => level === 'error').map(({ text }) => text),
    status: name =>
      new Promise(resolve => {
        const off = session.status.subscribe(status => {
          if (status.name !== name) return;
          resolve(status);
          queueMicrotask(() => off());
        });
      }),
    get problem() {
      const status = session.status.peek();
      return 'problem' in status ? status.problem.code : undefined;
    },
  };
};

/** The same, online, with what the login needed out of the way. */
export const onlineSession = async (script: ServerScript = {}, options: Partial<SessionOptions> = {}): Promise<TestSession> => {
  const made = testSession(script, options);
  made.session.connect();
  await made.status('online');
  await settle();
  return made;
};
