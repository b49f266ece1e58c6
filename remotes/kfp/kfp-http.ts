import { UserError } from '../../errors/index.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { httpClient, type HttpClient, type HttpOptions, type Reader } from '../http/http-client.ts';
import type { RemoteRequest, RequestBody } from '../http/request.ts';

export interface KfpOptions extends Omit<HttpOptions, 'service' | 'credentials'> {
  /** Where KFP is: `https://host/pipeline`, with whatever path stands before `/apis`. */
  readonly host: string;
  /** Where people look at it, if elsewhere. @default host */
  readonly uiHost?: string;
  readonly credentials: Credentials;
  /** Of a deployment for several users. */
  readonly namespace?: string;
}

/** Requests to KFP's API, by paths below `/apis/v2beta1`. */
export interface KfpHttp {
  readonly host: string;
  /** Undefined where nobody named it. */
  readonly uiHost: string | undefined;
  readonly namespace: string | undefined;
  get<T>(path: string, doing: string, read: Reader<T>, query?: RemoteRequest['query']): Promise<T>;
  /** Reads a text, at a path below `/apis`. */
  text(path: string, doing: string): Promise<string>;
  /** Sends what must not be sent twice. */
  post<T>(path: string, doing: string, read: Reader<T>, body?: unknown): Promise<T>;
  /** Sends an order that is as good twice as once: `:terminate`, `:archive`. */
  order(path: string, doing: string): Promise<void>;
  patch<T>(path: string, doing: string, read: Reader<T>, body: unknown): Promise<T>;
  delete(path: string, doing: string, query?: RemoteRequest['query']): Promise<void>;
  /** Sends a document as a form. */
  upload<T>(
    path: string,
    doing: string,
    read: Reader<T>,
    file: KfpFile,
    query: RemoteRequest['query'],
  ): Promise<T>;
  close(): Promise<void>;
}

export interface KfpFile {
  readonly name: string;
  readonly text: string;
}

/** Opens KFP's API. Nothing is asked yet. @throws UserError FER8010 where the host is no URL */
export function kfpHttp(options: KfpOptions): KfpHttp {
  const host = hostOf(options.host);
  const client: HttpClient = httpClient({
    ...options,
    service: {
      name: 'KFP',
      refusal:
        'do as it says: a namespace is named by --namespace, or FERRULE_KFP_NAMESPACE; `ferrule compile --backend kfp` checks the pipeline itself',
      permission: `ask for a role that may do this${options.namespace === undefined ? ' (with several users, name a namespace)' : ` in the namespace ${options.namespace}`}`,
      address: `check the address of KFP (${host}): the part before /apis/v2beta1`,
    },
  });
  const url = (path: string): string => `${host}/apis/v2beta1${path}`;
  const body = (value: unknown): { body?: RequestBody } =>
    value === undefined ? {} : { body: { kind: 'json', value } };
  return {
    host,
    uiHost: options.uiHost === undefined ? undefined : hostOf(options.uiHost),
    namespace: options.namespace,
    get: (path, doing, read, query) =>
      client.json({ method: 'GET', url: url(path), doing, repeatable: true, ...(query && { query }) }, read),
    text: (path, doing) =>
      client.text({ method: 'GET', url: `${host}/apis${path}`, doing, repeatable: true }),
    post: (path, doing, read, value) =>
      client.json({ method: 'POST', url: url(path), doing, repeatable: false, ...body(value) }, read),
    order: async (path, doing) =>
      void (await client.answer({ method: 'POST', url: url(path), doing, repeatable: true })),
    patch: (path, doing, read, value) =>
      client.json({ method: 'PATCH', url: url(path), doing, repeatable: true, ...body(value) }, read),
    async delete(path, doing, query) {
      const request: RemoteRequest = {
        method: 'DELETE',
        url: url(path),
        doing,
        repeatable: true,
        ...(query && { query }),
      };
      const { status, sent } = await client.answer(request, [404]);
      // A deletion whose answer got lost, and that is sent again, finds nothing any more.
      if (status === 404 && sent === 1) await client.answer({ ...request, method: 'GET' });
    },
    upload: (path, doing, read, file, query) =>
      client.json(
        {
          method: 'POST',
          url: url(path),
          doing,
          // A name is there only once: sent again, a document that was taken is refused, and can be found.
          repeatable: true,
          ...(query && { query }),
          body: { kind: 'form', parts: [{ name: 'uploadfile', value: file.text, file: file.name }] },
        },
        read,
      ),
    close: () => client.close(),
  };
}

function hostOf(text: string): string {
  const withScheme = /^https?:\/\//.test(text) ? text : `https://${text}`;
  const host = withScheme.replace(/\/+$/, '').replace(/\/apis(\/v2beta1)?$/, '');
  if (text.trim() !== '' && URL.canParse(host)) return host;
  throw new UserError('FER8010', {
    problem: `"${text}" is no address of KFP`,
    fix: 'write https://HOST or https://HOST/PATH: what stands before /apis/v2beta1',
  });
}
