/** The one file that names @xmpp: its client core opens and closes streams, its elements are ours underneath. What it brings besides is replaced beside the code that does. */
export { Client } from '@xmpp/client-core';
export { default as WebSocketTransport } from '@xmpp/websocket/lib/Connection.js';
export { default as Socket } from '@xmpp/websocket/lib/Socket.js';
export { Element, Parser } from '@xmpp/xml';
