// What the accounts of the demo have said to each other before anybody looks: through a real server, by a client that is not ours.
import { connectPeer, xml } from './peer.mjs';

const lines = [
  ['ana', 'support', 'Hello! Is the walnut desk still to be had in 140 cm?'],
  ['support', 'ana', 'Good morning, Ana. Yes, two are left.'],
  ['ana', 'support', 'Lovely. I will come by on Saturday.'],
  ['ben', 'support', 'Could you send me the measures of the oak shelf?'],
];

/** Puts everybody into everybody's contact list, both ways, and lets them write. Nobody is there to receive, so it waits for them at the server. */
export async function firstConversation(server, accounts) {
  const peers = new Map();
  for (const { user, password } of accounts) peers.set(user, await connectPeer({ service: server.ws, domain: server.domain, username: user, password, available: false }));
  const addressOf = (user) => `${user}@${server.domain}`;
  for (const [user, peer] of peers) {
    for (const other of accounts.filter((account) => account.user !== user)) {
      await peer.know(addressOf(other.user), other.name);
      await peer.send(xml('presence', { to: addressOf(other.user), type: 'subscribe' }));
    }
    await peer.settle();
  }
  for (const [user, peer] of peers) {
    for (const other of peers.keys()) if (other !== user) await peer.send(xml('presence', { to: addressOf(other), type: 'subscribed' }));
    await peer.settle();
  }
  for (const [from, to, text] of lines) {
    await peers.get(from).say(addressOf(to), text);
    await peers.get(from).settle();
  }
  for (const peer of peers.values()) await peer.stop();
}
