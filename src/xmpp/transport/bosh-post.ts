/** One HTTP request of a BOSH session, from its body to what came of it; nothing of the page's own goes with it, and it follows nobody elsewhere. */

/** `lost`: nobody knows whether it arrived. */
export type Outcome =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'status'; readonly status: number }
  | { readonly kind: 'lost' | 'unreadable'; readonly why: string };

/** The longest answer that is read, in bytes. */
const LONGEST = 16 * 1024 * 1024;

const read = async (response: Response): Promise<Outcome> => {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const reader = response.body?.getReader();
  let text = '';
  let length = 0;
  for (;;) {
    const part = await reader?.read();
    if (!part?.value) break;
    length += part.value.byteLength;
    if (length > LONGEST) {
      void reader?.cancel();
      return { kind: 'unreadable', why: `longer than ${LONGEST} bytes` };
    }
    try {
      text += decoder.decode(part.value, { stream: true });
    } catch {
      void reader?.cancel();
      return { kind: 'unreadable', why: 'no UTF-8' };
    }
  }
  return { kind: 'text', text };
};

/**
 * Sends a body; does not reject. `keepalive`: also when the page is gone.
 * Servers ignore the type (XEP-0124 §5), and as plain text it needs no preflight, which would double every way, and after which browsers repeat a request by
 * themselves whose connection broke: one that ejabberd holds for the one before it ends the session when it comes twice.
 */
export const post = async (fetch: typeof globalThis.fetch, url: string, body: string, signal: AbortSignal | null, keepalive = false): Promise<Outcome> => {
  try {
    const response = await fetch(url, { method: 'POST', body, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, credentials: 'omit', redirect: 'error', cache: 'no-store', signal, keepalive });
    if (response.status === 200) return await read(response);
    void response.body?.cancel();
    return { kind: 'status', status: response.status };
  } catch (error) {
    return { kind: 'lost', why: String(error) };
  }
};
