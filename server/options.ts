import { UserError } from '../errors/index.ts';
import type { CertificateFiles } from './http/certificate.ts';

/** What a server is told when it starts. */
export interface ServerOptions {
  /** @default 127.0.0.1 */
  readonly host?: string;
  /** 0 takes any that is free. @default 8888, as KFP's */
  readonly port?: number;
  /** The pipeline root; each namespace gets its own below it, where there are tokens. */
  readonly root: string;
  /** The file of tokens. Without one, whoever reaches the port may do all. */
  readonly tokens?: string;
  /** A certificate in PEM and its key, to speak TLS with; both or none. */
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  /** Beginnings of pipeline roots that runs may name for themselves. @default none */
  readonly allowedRoots?: readonly string[];
  /** Most runs at a time. @default 4 */
  readonly maxRuns?: number;
  /** Bytes that the body of a request may have. @default 32 MiB */
  readonly bodyLimit?: number;
  /** Requests a second that one caller may make over time; 0 is without limit. @default 0, with tokens 50 */
  readonly rate?: number;
  /** Requests that one caller may make at once. @default 20 times the rate */
  readonly burst?: number;
  /** Time zone of cron expressions. @default UTC */
  readonly timeZone?: string;
  /** Has every answer held against its schema: for tests. @default false */
  readonly checkAnswers?: boolean;
}

export interface ResolvedOptions extends Required<Omit<ServerOptions, 'tokens' | 'tlsCert' | 'tlsKey'>> {
  readonly tokens: string | undefined;
  readonly tls: CertificateFiles | undefined;
}

/** @throws UserError FER9007 for a certificate without a key, or a key without one */
export function resolveOptions(options: ServerOptions): ResolvedOptions {
  const rate = options.rate ?? (options.tokens === undefined ? 0 : 50);
  return {
    host: options.host ?? '127.0.0.1',
    port: options.port ?? 8888,
    root: options.root,
    tokens: options.tokens,
    tls: tlsOf(options),
    allowedRoots: options.allowedRoots ?? [],
    maxRuns: options.maxRuns ?? 4,
    bodyLimit: options.bodyLimit ?? 32 * 1024 * 1024,
    rate,
    burst: options.burst ?? 20 * rate,
    timeZone: options.timeZone ?? 'UTC',
    checkAnswers: options.checkAnswers ?? false,
  };
}

function tlsOf({ tlsCert, tlsKey }: ServerOptions): CertificateFiles | undefined {
  if (tlsCert !== undefined && tlsKey !== undefined) return { certificate: tlsCert, key: tlsKey };
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  throw new UserError('FER9007', {
    problem:
      tlsKey === undefined
        ? 'a certificate is named without its key'
        : 'a key is named without its certificate',
    fix: 'name both: --tls-cert FILE --tls-key FILE',
  });
}
