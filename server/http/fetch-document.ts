/** Pipelines that a request names by their URL. */
import { lookup as resolveName, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { messageOf } from '../../errors/index.ts';
import { Refusal } from '../failure.ts';

/** Milliseconds. */
const longest = 30_000;
const mostRedirects = 5;

/** Addresses that only this machine and its neighbours reach: their services trust whoever asks from here. */
const inside = new BlockList();
for (const [net, bits] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
] as const)
  inside.addSubnet(net, bits, 'ipv4');
for (const [net, bits] of [
  ['::', 127],
  ['fc00::', 7],
  ['fe80::', 10],
] as const)
  inside.addSubnet(net, bits, 'ipv6');

export function isInside(address: string): boolean {
  return inside.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/**
 * Fetches a document of at most so many bytes. `gs://` is read as KFP does, over HTTPS: what is public.
 * @param open whether it may lie on this machine, or on one beside it: not where requests are of people with tokens
 * @throws Refusal where it cannot be fetched
 */
export async function fetchDocument(url: string, most: number, open: boolean): Promise<string> {
  const fail = (why: string): Refusal => new Refusal('invalid', `${url} cannot be fetched: ${why}`);
  const { Agent, fetch } = await import('undici');
  const agent = new Agent({ connect: { lookup: open ? resolveName : resolveOutside } });
  const signal = AbortSignal.timeout(longest);
  try {
    let address = url.replace(/^gs:\/\//, 'https://storage.googleapis.com/');
    for (let count = 0; count <= mostRedirects; count++) {
      const at = URL.canParse(address) ? new URL(address) : undefined;
      if (at === undefined || !/^https?:$/.test(at.protocol)) throw fail('it is no http, https or gs URL');
      const host = at.hostname.replaceAll(/[[\]]/g, '');
      if (!open && isIP(host) !== 0 && isInside(host))
        throw fail("it lies inside of the server's own network");
      const response = await fetch(at, { dispatcher: agent, redirect: 'manual', signal });
      const next = response.headers.get('location');
      if (response.status >= 300 && response.status < 400 && next !== null) {
        await response.body?.cancel();
        address = new URL(next, at).href;
        continue;
      }
      if (!response.ok) throw fail(`the server says ${response.status} ${response.statusText}`.trim());
      const parts: Uint8Array[] = [];
      let size = 0;
      for await (const part of response.body ?? []) {
        const bytes = part as Uint8Array;
        size += bytes.byteLength;
        if (size > most) throw fail(`it has more than ${most} bytes`);
        parts.push(bytes);
      }
      return Buffer.concat(parts).toString('utf8');
    }
    throw fail('it leads from one address to the next');
  } catch (error) {
    throw error instanceof Refusal ? error : fail(reasonOf(error));
  } finally {
    await agent.destroy();
  }
}

/** Resolves a name to what lies outside: the very address that is then asked. */
const resolveOutside: LookupFunction = (name, options, done) => {
  resolveName(name, { ...options, all: true }, (error, found: LookupAddress[]) => {
    const outside = error === null ? found.filter(({ address }) => !isInside(address)) : [];
    const [first] = outside;
    if (error !== null) done(error, '');
    else if (first === undefined) done(new Error("it lies inside of the server's own network"), '');
    else if (options.all === true) done(null, outside);
    else done(null, first.address, first.family);
  });
};

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `no answer in ${longest / 1000} seconds`;
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error);
}
