/** Service discovery (XEP-0030), both ways, with entity capabilities (XEP-0115) announced. */
import type { Registry } from '../base/slot.js';
import type { Session } from './session.js';

export interface Identity {
  readonly category: string;
  readonly type: string;
  readonly name: string;
}
export interface DiscoInfo {
  readonly identities: readonly Identity[];
  readonly features: readonly string[];
}
export interface DiscoItem {
  readonly jid: string;
  readonly node?: string;
  readonly name: string;
}

export interface Disco {
  /** What an entity is and can do. Asked once per connection, then remembered; rejects as `Session.request` does. */
  info(jid: string, node?: string): Promise<DiscoInfo>;
  items(jid: string, node?: string): Promise<readonly DiscoItem[]>;
  /** The node and hash of what we announce now, for presence (XEP-0115 §4). */
  caps(): Promise<{ readonly node: string; readonly ver: string }>;
  dispose(): void;
}

export const createDisco = (session: Session, registry: Registry): Disco => {
  throw new Error(`${session.domain}${String(registry)}`);
};
