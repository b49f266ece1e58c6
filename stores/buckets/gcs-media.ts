import type { IncomingMessage } from 'node:http';
import { messageOf } from '../../errors/index.ts';
import type { GcsClient } from './gcs-client.ts';

/** A connection that brings nothing for so many milliseconds is taken for broken. */
const silence = 30_000;

/** Which bytes of which object. */
export interface MediaRequest {
  readonly bucket: string;
  readonly key: string;
  /** The first byte. */
  readonly from?: number;
  /** A generation; absent for the newest. */
  readonly version?: string | undefined;
}

/**
 * Asks for the bytes of an object. The library's own stream never ends, and never fails, where the connection breaks
 * after the first byte: this one fails.
 * @throws an error with the status as its `code`
 */
export async function getMedia(
  client: GcsClient,
  { bucket, key, from = 0, version }: MediaRequest,
): Promise<IncomingMessage> {
  const url = new URL(`${client.endpoint}/storage/v1/b/${bucket}/o/${encodeURIComponent(key)}`);
  url.searchParams.set('alt', 'media');
  if (version !== undefined) url.searchParams.set('generation', version);
  const headers = {
    ...(await credentialsFor(client, url.href)),
    ...(from > 0 && { range: `bytes=${from}-` }),
  };
  const { get, globalAgent } = await (url.protocol === 'https:' ? import('node:https') : import('node:http'));
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, timeout: silence, agent: globalAgent }, (answer) => {
      if (answer.statusCode === 200 || answer.statusCode === 206) resolve(answer);
      else void refusal(answer).then(reject, reject);
    });
    request.on('error', reject);
    request.on('timeout', () =>
      request.destroy(
        Object.assign(new Error(`nothing arrived for ${silence / 1000} s`), { code: 'ETIMEDOUT' }),
      ),
    );
  });
}

/** Without credentials it is asked all the same, as the library does: the bucket may be public. */
async function credentialsFor(
  { anonymous, storage }: GcsClient,
  url: string,
): Promise<Record<string, string>> {
  if (anonymous) return {};
  try {
    return await storage.authClient.getRequestHeaders(url);
  } catch (error) {
    if (/Could not load the default credentials/.test(messageOf(error))) return {};
    throw error;
  }
}

async function refusal(answer: IncomingMessage): Promise<Error> {
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
  const message = text.trim().slice(0, 500) || `status ${answer.statusCode}`;
  return Object.assign(new Error(message), { code: answer.statusCode });
}
