import type { ResolvedOptions } from '../options.ts';

/**
 * Tells why a request that carries no token is not to be trusted: a page in a browser on this machine can reach a port of
 * it, by its own name even. Undefined where there is nothing against it.
 */
export function strangerOf(request: Request, { tokens, host }: ResolvedOptions): string | undefined {
  if (tokens !== undefined || !isLoopback(host)) return undefined;
  const { hostname, host: own } = new URL(request.url);
  if (!isLoopback(hostname)) return `this server answers by the names of this machine, not by "${hostname}"`;
  const origin = request.headers.get('origin');
  if (origin === null || (URL.canParse(origin) && new URL(origin).host === own)) return undefined;
  return `a page of ${origin} may not call this server`;
}

export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || host === '::1' || /^127(\.\d+){3}$/.test(host);
}
