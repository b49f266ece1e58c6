/** Finds a run of another backend by what a person types for it. */
import { UserError } from '../../errors/index.ts';
import type { RemoteRun, RunService } from '../../remotes/ports.ts';

/** Goes through the runs of a backend, newest first. */
export async function* allRuns(service: RunService): AsyncGenerator<RemoteRun> {
  let pageToken: string | undefined;
  do {
    const page = await service.list({ pageSize: 50, ...(pageToken !== undefined && { pageToken }) });
    yield* page.runs;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

/** How many of the newest runs a part of a name is looked for in. */
const searched = 200;

/**
 * Finds the id of the run that a text means: the whole id, its start, the name of the run, or `latest`.
 * @throws UserError FER8004 where there is none, or more than one
 */
export async function findRemoteRun(text: string, service: RunService): Promise<string> {
  if (/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return text;
  const fitting: string[] = [];
  let seen = 0;
  for await (const { id, name } of allRuns(service)) {
    if (text === 'latest' || id === text) return id;
    if (id.startsWith(text) || name === text) fitting.push(id);
    if (++seen >= searched) break;
  }
  const [only, ...others] = fitting;
  const list = `\`ferrule runs --backend ${service.backend}\` lists them`;
  // An older one may still be there under its whole id.
  if (only === undefined && seen >= searched) return text;
  if (only === undefined)
    throw new UserError('FER8004', {
      problem:
        text === 'latest'
          ? `there is no run at ${service.address} yet`
          : `there is no run "${text}" at ${service.address}`,
      fix: list,
    });
  if (others.length > 0)
    throw new UserError('FER8004', {
      problem: `"${text}" may mean ${fitting.slice(0, 5).join(', ')}`,
      fix: list,
    });
  return only;
}
