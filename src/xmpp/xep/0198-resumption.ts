/** Words of stream management (XEP-0198) for streams that go on, which a guest's does not. */
import type { ManagedState } from '../session-storage.js';
import { attr, is, type XmlElement } from '../xml.js';
import { SM_NS } from './0198-stream-management.js';

/** Whether it answers `<resume/>` (§5). */
export const isResumeAnswer = (element: XmlElement): boolean => is(element, 'resumed', SM_NS) || is(element, 'failed', SM_NS);

/** What `<enabled/>` (§3) says of resumption: nothing where there is none. `service` is the address of the endpoint; a place elsewhere is not believed. */
export const readEnabled = (enabled: XmlElement, service: string): Pick<ManagedState, 'id' | 'location'> | undefined => {
  const id = attr(enabled, 'id');
  if (!id || !/^(?:true|1)$/.test(attr(enabled, 'resume') ?? '')) return undefined;
  const place = attr(enabled, 'location');
  const url = place !== undefined && URL.canParse(`x://${place}`) && new URL(service);
  if (url) url.host = place;
  const here = url && place && url.hostname === new URL(service).hostname && url.href !== new URL(service).href;
  return { id, ...(here ? { location: url.href } : {}) };
};
