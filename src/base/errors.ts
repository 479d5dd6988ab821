/** Errors are values with a domain, a code and whether trying again helps. */

export type ErrorDomain = 'config' | 'network' | 'stream' | 'auth' | 'stanza' | 'storage' | 'plugin' | 'message' | 'chunk' | 'internal';

/** `no`: never again as it is; `later`: by itself after a while; `user`: after a person did something. */
export type Retry = 'no' | 'later' | 'user';

/** What acts reject with. `code` is stable and machine-readable; `message` is for the log. */
export class ChatError extends Error {
  readonly domain: ErrorDomain;
  readonly code: string;
  readonly retry: Retry;
  /** What the sentence about it names, where that is known here. */
  readonly about: Readonly<Record<string, string>>;

  constructor(domain: ErrorDomain, code: string, retry: Retry, message?: string, options?: { readonly cause?: unknown; readonly about?: Readonly<Record<string, string>> }) {
    super(message ?? `${domain}: ${code}`, options);
    this.name = 'ChatError';
    this.domain = domain;
    this.code = code;
    this.retry = retry;
    this.about = options?.about ?? {};
  }
}

/** The key of the sentence that a person is told about an error. */
export const wordKeyOf = ({ domain, code }: ChatError): string => (domain === 'storage' ? `storage-${code}` : code);

/** Turns anything that was thrown into a ChatError, keeping it as the cause. */
export const toChatError = (thrown: unknown, domain: ErrorDomain = 'internal', code = 'unexpected', retry: Retry = 'no'): ChatError =>
  thrown instanceof ChatError ? thrown : new ChatError(domain, code, retry, thrown instanceof Error ? thrown.message : String(thrown), { cause: thrown });
