/** One request to a remote service, told apart from how it is sent. */
export interface RemoteRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Absolute. */
  readonly url: string;
  /** Appended to the URL, in this order; what is undefined is left out. */
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: RequestBody;
  /** What it takes for an answer. @default anything */
  readonly accept?: string;
  /**
   * Whether it may be sent again where its answer was lost: it changes nothing, or what it does twice is as good as once.
   * Other requests are only repeated where the service certainly did nothing.
   */
  readonly repeatable: boolean;
  /** What is being done, for messages: "listing the versions of …". */
  readonly doing: string;
}

export type RequestBody =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'form'; readonly parts: readonly FormPart[] };

/** A field of a multipart form: a text, or a file with its name. */
export interface FormPart {
  readonly name: string;
  readonly value: string | Uint8Array;
  readonly file?: string;
}

export interface RemoteAnswer {
  readonly status: number;
  /** Names are lower-case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly text: string;
  /** How many times the request was sent. */
  readonly sent: number;
}

/** Puts a query behind a URL. */
export function withQuery(url: string, query: RemoteRequest['query'] = {}): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${encodeURIComponent(name)}=${encodeURIComponent(value)}`],
  );
  if (pairs.length === 0) return url;
  return `${url}${url.includes('?') ? '&' : '?'}${pairs.join('&')}`;
}

/** Names the origin and path of a URL, without whatever may be secret in it. */
export function addressOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname === '/' ? '' : pathname}`;
}
