/** The requests of a KFP repository, one function each: the same that KFP's own RegistryClient sends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { InfrastructureError } from '../../errors/index.ts';
import type { HttpClient, Reader } from '../http/http-client.ts';
import type { RemoteRequest, RequestBody } from '../http/request.ts';
import type { TemplatePackage, TemplateTag, TemplateVersion } from '../ports.ts';
import type { RepositoryAddresses } from './addresses.ts';
import {
  pageReader,
  readOperation,
  readPackage,
  readTag,
  readVersion,
  type Operation,
  type Page,
} from './answers.ts';

export interface RegistryApi {
  /** Sends a document; answers with its package and version. */
  upload(
    file: { readonly name: string; readonly text: string },
    fields: Readonly<Record<string, string>>,
  ): Promise<string>;
  download(name: string, versionOrTag: string): Promise<string>;
  packages(): Promise<readonly TemplatePackage[]>;
  package(name: string): Promise<TemplatePackage>;
  deletePackage(name: string): Promise<void>;
  versions(name: string): Promise<readonly TemplateVersion[]>;
  versionIfAny(name: string, version: string): Promise<TemplateVersion | undefined>;
  deleteVersion(name: string, version: string, force: boolean): Promise<void>;
  tags(name: string): Promise<readonly TemplateTag[]>;
  tagIfAny(name: string, tag: string): Promise<TemplateTag | undefined>;
  createTag(name: string, version: string, tag: string): Promise<TemplateTag>;
  moveTag(name: string, version: string, tag: string): Promise<TemplateTag>;
  deleteTag(name: string, tag: string): Promise<void>;
}

/** Milliseconds between looks at a deletion that goes on, and how many looks there are. */
const operationPauses = [200, 500, 1000, 2000, 4000, 8000, 8000, 8000];

export function registryApi(client: HttpClient, addresses: RepositoryAddresses): RegistryApi {
  // Google's API tells tags and description of a version only when asked for all of it.
  const view = addresses.google && { view: 'FULL' };
  const get = (url: string, doing: string, query?: RemoteRequest['query']): RemoteRequest => ({
    method: 'GET',
    url,
    doing,
    repeatable: true,
    ...(query && { query }),
  });
  const list = async <T>(request: RemoteRequest, read: Reader<Page<T>>): Promise<readonly T[]> => {
    const items: T[] = [];
    let pageToken: string | undefined;
    do {
      const query = { ...request.query, pageToken };
      const page: Page<T> = await client.json({ ...request, query }, read);
      items.push(...page.items);
      pageToken = page.nextPageToken;
    } while (pageToken !== undefined);
    return items;
  };
  const remove = async (url: string, doing: string, query?: RemoteRequest['query']): Promise<void> => {
    const answer = await client.answer(
      { method: 'DELETE', url, doing, repeatable: true, ...(query && { query }) },
      [404],
    );
    // A deletion whose answer got lost, and that is sent again, finds nothing any more.
    if (answer.status === 404 && answer.sent > 1) return;
    if (answer.status === 404) await client.answer(get(url, doing));
    const operation = answer.text.trim() === '' ? { done: true } : readOperation(parsed(answer.text));
    await finished(operation, doing);
  };
  const finished = async (started: Operation, doing: string): Promise<void> => {
    let operation = started;
    for (const pause of operationPauses) {
      if (operation.error !== undefined)
        throw new InfrastructureError('FER8008', {
          problem: `the registry gave up ${doing}: ${operation.error.message ?? 'no reason given'}`,
          retryable: true,
        });
      // A deleted tag is answered by nothing at all; other registries know no operations.
      if (operation.done !== false || operation.name === undefined || addresses.google === undefined) return;
      await sleep(pause);
      operation = await client.json(get(addresses.operation(operation.name), doing), readOperation);
    }
  };
  const tagBody = (name: string, version: string): RequestBody => ({
    kind: 'json',
    value: { name: '', version: addresses.versionName(name, version) },
  });
  return {
    upload: (file, fields) =>
      client.text({
        method: 'POST',
        url: addresses.upload,
        // The version is the digest of the content: uploaded twice, it is the same one.
        repeatable: true,
        doing: `uploading ${file.name}`,
        body: {
          kind: 'form',
          parts: [
            ...Object.entries(fields).map(([name, value]) => ({ name, value })),
            { name: 'content', value: file.text, file: file.name },
          ],
        },
      }),
    download: (name, version) =>
      client.text(get(addresses.download(name, version), `downloading ${name}/${version}`)),
    packages: () => list(get(addresses.packages, 'listing packages'), pageReader('packages', readPackage)),
    package: (name) =>
      client.json(get(addresses.package(name), `looking for the package ${name}`), readPackage),
    deletePackage: (name) => remove(addresses.package(name), `deleting the package ${name}`),
    versions: (name) =>
      list(
        get(addresses.versions(name), `listing the versions of ${name}`, view),
        pageReader('versions', readVersion),
      ),
    versionIfAny: (name, version) =>
      client.jsonIfAny(
        get(addresses.version(name, version), `looking for ${name}/${version}`, view),
        readVersion,
      ),
    deleteVersion: (name, version, force) =>
      remove(
        addresses.version(name, version),
        `deleting ${name}/${version}`,
        force ? { force: 'true' } : undefined,
      ),
    tags: (name) =>
      list(get(addresses.tags(name), `listing the tags of ${name}`), pageReader('tags', readTag)),
    tagIfAny: (name, tag) =>
      client.jsonIfAny(get(addresses.tag(name, tag), `looking for the tag ${tag} of ${name}`), readTag),
    createTag: (name, version, tag) =>
      client.json(
        {
          method: 'POST',
          url: addresses.tags(name),
          query: { tagId: tag },
          repeatable: false,
          doing: `adding the tag ${tag} to ${name}`,
          body: tagBody(name, version),
        },
        readTag,
      ),
    moveTag: (name, version, tag) =>
      client.json(
        {
          method: 'PATCH',
          url: addresses.tag(name, tag),
          query: { updateMask: 'version' },
          repeatable: true,
          doing: `moving the tag ${tag} of ${name}`,
          body: tagBody(name, version),
        },
        readTag,
      ),
    deleteTag: (name, tag) => remove(addresses.tag(name, tag), `removing the tag ${tag} of ${name}`),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
