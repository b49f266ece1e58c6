import { File } from 'node:buffer';
import { rootCertificates } from 'node:tls';
import type { Dispatcher } from 'undici';
import type { FormPart, RemoteAnswer, RemoteRequest } from './request.ts';

export interface ConnectionOptions {
  /** Certificates to trust besides the system's, in PEM. */
  readonly ca: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds without a sign of the service. */
  readonly patience: number;
  /** Bytes. */
  readonly largestAnswer: number;
}

/** Connections to a service, kept for the next request. */
export interface Connections {
  send(
    request: RemoteRequest,
    headers: Readonly<Record<string, string>>,
  ): Promise<Omit<RemoteAnswer, 'sent'>>;
  close(): Promise<void>;
}

/** How many times a download may be sent on, as registries do to where the content lies. */
const mostRedirects = 5;

/** Loads the HTTP library and sets up its connections: TLS, proxies, timeouts and limits. */
export async function openConnections(options: ConnectionOptions): Promise<Connections> {
  const { Agent, EnvHttpProxyAgent, FormData } = await import('undici');
  const { ca, env, patience, largestAnswer } = options;
  const connect = {
    timeout: Math.min(patience, 10_000),
    ...(ca !== undefined && { ca: [...rootCertificates, ca] }),
  };
  const settings = {
    headersTimeout: patience,
    bodyTimeout: patience,
    maxResponseSize: largestAnswer,
    connect,
  };
  const proxies = proxiesIn(env);
  const dispatcher =
    proxies === undefined
      ? new Agent(settings)
      : new EnvHttpProxyAgent({ ...settings, requestTls: connect, ...proxies });

  const bodyOf = (request: RemoteRequest): Pick<Dispatcher.RequestOptions, 'body'> & { type?: string } => {
    if (request.body === undefined) return {};
    if (request.body.kind === 'json')
      return { body: JSON.stringify(request.body.value), type: 'application/json' };
    const form = new FormData();
    for (const part of request.body.parts) appendPart(form, part);
    return { body: form };
  };

  const send: Connections['send'] = async (request, headers) => {
    let url = new URL(request.url);
    let sent = headers;
    for (let hop = 0; ; hop++) {
      const { type, ...body } = bodyOf(request);
      const response = await dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: request.method,
        headers: {
          accept: request.accept ?? '*/*',
          ...sent,
          ...(type !== undefined && { 'content-type': type }),
        },
        ...body,
      });
      const answer = {
        status: response.statusCode,
        headers: flat(response.headers),
        text: await response.body.text(),
      };
      const location = answer.headers['location'];
      const isSentOn = [301, 302, 303, 307, 308].includes(answer.status) && location !== undefined;
      if (!isSentOn || request.method !== 'GET' || hop >= mostRedirects) return answer;
      const next = new URL(location, url);
      // Whoever the request is sent on to has no business with the credentials.
      if (next.origin !== url.origin) sent = {};
      url = next;
    }
  };
  return { send, close: () => dispatcher.close() };
}

function appendPart(
  form: { append(name: string, value: unknown, file?: string): void },
  { name, value, file }: FormPart,
): void {
  if (file === undefined)
    form.append(name, typeof value === 'string' ? value : Buffer.from(value).toString('utf8'));
  else form.append(name, new File([value], file, { type: 'application/octet-stream' }), file);
}

function proxiesIn(
  env: ConnectionOptions['env'],
): { httpProxy?: string; httpsProxy?: string; noProxy?: string } | undefined {
  const named = (name: string): string | undefined => env[name.toLowerCase()] || env[name] || undefined;
  const [http, https, none] = [named('HTTP_PROXY'), named('HTTPS_PROXY'), named('NO_PROXY')];
  if (http === undefined && https === undefined) return undefined;
  return {
    ...(http !== undefined && { httpProxy: http }),
    ...(https !== undefined && { httpsProxy: https }),
    ...(none !== undefined && { noProxy: none }),
  };
}

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]],
    ),
  );
}
