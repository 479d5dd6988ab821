/** Tells the server whether anybody looks, so that what is not urgent can wait (XEP-0352). */
import type { Disposable } from '../base/disposer.js';
import type { Environment } from '../base/environment.js';
import { activeElement, inactiveElement } from './xep/0352-csi.js';
import type { XmlElement } from './xml.js';

export interface Csi {
  /** A stream stands, new or resumed: both begin as active (§5.2), so what holds is said again. */
  begin(say: (element: XmlElement) => void): void;
  /** To be called before anything is sent: nothing goes out as inactive while somebody looks. */
  beforeSending(): void;
  /** The stream is gone, or does not take it. */
  end(): void;
  dispose(): void;
}

/** Whoever looks away for a moment has not gone. */
const GRACE_MS = 5_000;

export const createCsi = ({ visible, timer }: Pick<Environment, 'visible' | 'timer'>): Csi => {
  let say: ((element: XmlElement) => void) | undefined;
  /** What the server believes. */
  let told = true;
  /** Whether anybody looked within the time of grace. */
  let looking = visible.peek();
  let grace: Disposable = () => undefined;

  const tell = (): void => {
    if (!say || told === looking) return;
    told = looking;
    say(looking ? activeElement() : inactiveElement());
  };
  const look = (now: boolean): void => {
    void grace();
    if (now) {
      looking = true;
      tell();
    } else if (looking) {
      grace = timer(GRACE_MS, () => {
        looking = false;
        tell();
      });
    }
  };
  const off = visible.subscribe(look);
  return {
    begin: next => {
      say = next;
      told = !looking;
      tell();
    },
    beforeSending: () => {
      if (!looking && visible.peek()) look(true);
    },
    end: () => (say = undefined),
    dispose: () => {
      off();
      void grace();
      say = undefined;
    },
  };
};
