/** From an open stream to one on which stanzas may be sent: the login, then the stream of before or an address on this one. */
import { logIn } from './auth/sasl.js';
import { bindResource } from './bind.js';
import type { Negotiate } from './negotiation.js';
import { isEnableAnswer, isResumeAnswer, SM_NS } from './xep/0198-stream-management.js';
import { child } from './xml.js';

export const negotiate: Negotiate = async ({ stream, features: offered, credentials, memory, resume, enable, request, counting }) => {
  await logIn(stream, offered, credentials, memory);
  const features = await stream.again();
  const managed = child(features, 'sm', SM_NS) !== undefined;
  // XEP-0198 §5: in the place of a binding.
  const resumed = resume && managed ? await stream.ask(resume, isResumeAnswer) : undefined;
  if (resumed?.name === 'resumed') {
    counting();
    return { kind: 'resumed', answer: resumed };
  }
  const jid = await bindResource(features, request);
  const enabled = enable && managed ? await stream.ask(enable, isEnableAnswer) : undefined;
  if (enabled?.name === 'enabled') counting();
  return { kind: 'bound', jid, features, enabled: enabled?.name === 'enabled' ? enabled : undefined, failed: resumed, carbons: false };
};
