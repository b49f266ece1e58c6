import { randomBytes } from 'node:crypto';
import { startServer, tokenLine, type RunningServer } from '../../server/index.ts';
import { UserError } from '../../errors/index.ts';
import { checkTimeZone } from '../../remotes/schedule-times.ts';
import { composeServer, type ServerFlags } from '../compose-server.ts';
import { resolveSettings } from '../settings.ts';
import { version } from '../version.ts';

interface ServerOptions extends ServerFlags {
  readonly root?: string;
  readonly host?: string;
  readonly port?: number;
  readonly tokens?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly maxRuns?: number;
  readonly allowRoot: readonly string[];
  readonly bodyLimit?: number;
  readonly rate?: number;
  readonly timeZone?: string;
  readonly checkAnswers?: boolean;
}

/** Serves until it is interrupted; then lets go of what runs, and ends. */
export async function serverCommand(options: ServerOptions): Promise<void> {
  if (options.timeZone !== undefined) checkTimeZone(options.timeZone);
  const settings = resolveSettings('.', options.root);
  const parts = await composeServer(settings, options);
  const server = await startServer(parts, { ...options, ...given(options), root: settings.root }, version);
  process.stdout.write(`${server.url}\n`);
  await interrupted(server);
}

function given({ bodyLimit, allowRoot }: ServerOptions): {
  bodyLimit?: number;
  allowedRoots: readonly string[];
} {
  return { allowedRoots: allowRoot, ...(bodyLimit !== undefined && { bodyLimit: bodyLimit * 2 ** 20 }) };
}

/** The first signal ends the server cleanly, a second one at once. */
async function interrupted(server: RunningServer): Promise<void> {
  await new Promise<void>((done, failed) => {
    let asked = false;
    const end = (): void => {
      if (asked) process.exit(130);
      asked = true;
      server.close().then(done, failed);
    };
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
  });
}

/** Prints a new token, and its line for the file of tokens, which does not tell it. */
export function tokenCommand(name: string, { namespaces }: { readonly namespaces: string }): void {
  if (!/^[\w.@-]+$/.test(name) || !/^(\*|[a-z0-9-]+(,[a-z0-9-]+)*)$/.test(namespaces))
    throw new UserError('FER1002', {
      problem: `"${name}" and "${namespaces}" cannot be a name and namespaces`,
      fix: 'names are of letters, digits and . @ - _, namespaces of lower-case letters, digits and "-"',
    });
  const token = randomBytes(32).toString('base64url');
  process.stderr.write(`token: ${token}\n`);
  process.stdout.write(`${tokenLine(name, token, namespaces)}\n`);
}
