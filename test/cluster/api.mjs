// Single requests to the API server, as the administrator.
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { certificate, key } from './certificates.mjs';
import { apiServer } from './places.mjs';

/**
 * Asks the API server.
 * @returns {Promise<{ status: number, body: any }>} the body parsed where it is JSON
 */
export function api(
  /** @type {string} */ method,
  /** @type {string} */ path,
  /** @type {unknown} */ body,
  type = 'application/json',
) {
  return new Promise((resolve, reject) => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const call = request(
      new URL(path, apiServer),
      {
        method,
        ca: readFileSync(certificate('ca')),
        cert: readFileSync(certificate('admin')),
        key: readFileSync(key('admin')),
        agent: false,
        timeout: 10_000,
        headers:
          text === undefined ? {} : { 'content-type': type, 'content-length': Buffer.byteLength(text) },
      },
      (response) => {
        const chunks = /** @type {Buffer[]} */ ([]);
        response.on('data', (chunk) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString();
          const json = response.headers['content-type']?.includes('json') === true;
          resolve({ status: response.statusCode ?? 0, body: json ? JSON.parse(answer) : answer });
        });
      },
    );
    call.on('timeout', () => call.destroy(new Error(`${method} ${path}: no answer in 10 s`)));
    call.on('error', reject);
    call.end(text);
  });
}

/** Asks the API server, and fails on any other answer than success. */
export async function apiOk(
  /** @type {string} */ method,
  /** @type {string} */ path,
  /** @type {unknown} */ body,
  type = 'application/json',
) {
  const answer = await api(method, path, body, type);
  if (answer.status >= 300)
    throw new Error(
      `${method} ${path}: ${answer.status} ${JSON.stringify(answer.body?.message ?? answer.body)}`,
    );
  return answer.body;
}
