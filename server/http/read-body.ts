import { Refusal } from '../failure.ts';

/**
 * Reads a body of at most so many bytes.
 * @throws Refusal where there are more
 */
export async function readBody(request: Request, most: number): Promise<Buffer> {
  const tooLarge = (): Refusal =>
    new Refusal('too-large', `the body has more than the ${most} bytes that this server takes`);
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge();
  if (request.body === null) return Buffer.alloc(0);
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const part of request.body) {
      size += part.byteLength;
      if (size > most) throw tooLarge();
      parts.push(part);
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal('invalid', 'the connection was lost before the whole body had come');
  }
  return Buffer.concat(parts);
}

/**
 * Reads a body as JSON; an empty one is an empty message.
 * @throws Refusal where it is none
 */
export async function readJson(request: Request, most: number): Promise<unknown> {
  const bytes = await readBody(request, most);
  if (bytes.length === 0) return {};
  // A page in a browser can send other types anywhere, unasked.
  const type = request.headers.get('content-type') ?? 'application/json';
  if (!/^application\/([\w.-]+\+)?json\b/i.test(type))
    throw new Refusal('invalid', `the body is ${type}, and is to be application/json`);
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Refusal('invalid', 'the body is no JSON');
  }
}
