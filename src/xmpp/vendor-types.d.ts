/** The types of exactly what we touch of @xmpp, which ships none. */

declare module '@xmpp/xml' {
  export class Element {
    name: string;
    attrs: Record<string, string | undefined>;
    children: (Element | string)[];
    parent: Element | null;
    constructor(name: string, attrs?: Readonly<Record<string, string | undefined>>);
    append(...nodes: readonly (Element | string)[]): void;
  }
  export class Parser {
    on(event: string, listener: (detail: never) => void): this;
    emit(event: string, ...details: readonly unknown[]): boolean;
    write(data: string): void;
  }
}

declare module '@xmpp/websocket/lib/Socket.js' {
  export default class Socket {
    socket: WebSocket | null;
    url: string | null;
    secure: boolean;
    emit(event: string, ...details: readonly unknown[]): boolean;
    connect(url: string): void;
    write(data: string, done?: (error?: unknown) => void): void;
    end(): void;
    _attachSocket(socket: WebSocket): void;
    _detachSocket(): void;
  }
}

declare module '@xmpp/websocket/lib/Connection.js' {
  /** Its prototype is what a client reads. */
  import type { Element } from '@xmpp/xml';
  export default class WebSocketTransport {
    Socket: unknown;
    Parser: new () => Parser;
    headerElement(): Element;
    footerElement(): Element;
    socketParameters(service: string): string | undefined;
  }
}

declare module '@xmpp/client-core' {
  import type { Element, Parser } from '@xmpp/xml';
  import type Socket from '@xmpp/websocket/lib/Socket.js';
  export class Client {
    timeout: number;
    socket: Socket | null;
    parser: Parser | null;
    /** What it connects by, and the two that come with it. */
    Transport: unknown;
    Socket: unknown;
    Parser: new () => Parser;
    constructor(options: { readonly domain: string; readonly service: string });
    on(event: string, listener: (detail: never) => void): this;
    emit(event: string, ...details: readonly unknown[]): boolean;
    isSecure(): boolean;
    connect(service: string): Promise<unknown>;
    open(options: { readonly domain: string }): Promise<unknown>;
    restart(): Promise<unknown>;
    disconnect(): Promise<unknown>;
    header(element: Element): string;
    footer(element: Element): string;
    headerElement(): Element;
    footerElement(): Element;
    _attachParser(parser: Parser): void;
    _onData(data: unknown): void;
    _onElement(element: Element): void;
  }
}
