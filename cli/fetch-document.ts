/** Documents that lie behind a URL. */
import { messageOf, UserError } from '../errors/index.ts';

/** A document is text that people wrote or compilers did: nothing of this size, in bytes, is one. */
const largest = 32 * 2 ** 20;
/** Milliseconds. */
const longest = 30_000;

/** Tells whether what was named on the command line is a URL. */
export function isUrl(text: string): boolean {
  return /^(?:https?|gs):\/\//.test(text);
}

/**
 * Fetches a document. `gs://` is read as KFP does, over HTTPS: what is public.
 * @throws UserError FER1010
 */
export async function fetchDocument(url: string): Promise<string> {
  const address = url.replace(/^gs:\/\//, 'https://storage.googleapis.com/');
  const fail = (problem: string, fix: string, cause?: unknown): UserError =>
    new UserError('FER1010', { problem: `${url} ${problem}`, fix, ...(cause !== undefined && { cause }) });
  let response: Response;
  let text: string;
  try {
    response = await fetch(address, { signal: AbortSignal.timeout(longest) });
    if (Number(response.headers.get('content-length') ?? 0) > largest)
      throw new Error(`it is larger than ${largest} bytes`);
    text = await response.text();
  } catch (error) {
    throw fail(
      `cannot be fetched: ${reasonOf(error)}`,
      'check the address and the network, or name a file',
      error,
    );
  }
  if (!response.ok)
    throw fail(
      `cannot be fetched: the server says ${response.status} ${response.statusText}`.trim(),
      'check the address; what needs a sign-in must be downloaded by hand',
    );
  if (/^\s*<(?:!doctype|html)/i.test(text))
    throw fail('is a web page', 'name the file itself; on GitHub that is the address behind "Raw"');
  return text;
}

/** fetch says "fetch failed", and why in its cause. */
function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no answer in ${longest / 1000} seconds`;
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
}
