/**
 * A KFP repository: packages, versions and tags, under the addresses of Artifact Registry and under those of other registries. It answers
 * as Google's API documents: resources by full names, pages, operations, errors in Google's form.
 */
import { digestOf } from '../../../spec/index.ts';
import { readPipelineDocument } from '../../../spec/pipeline-document.ts';
import type { Recorded } from './recorded.ts';
import type { Answer, Handler } from './test-server.ts';

interface Version {
  readonly text: string;
  readonly createTime: string;
  readonly description: string;
}

interface Package {
  readonly createTime: string;
  readonly versions: Map<string, Version>;
  readonly tags: Map<string, string>;
}

export interface RegistryState {
  readonly handler: Handler;
  readonly packages: Map<string, Package>;
  /** How many uploads were taken. */
  uploads: number;
}

/** Most entries of a page. */
const pageSize = 2;

export function registryState(): RegistryState {
  const packages = new Map<string, Package>();
  let ticks = 0;
  const now = (): string => new Date(Date.UTC(2026, 0, 1) + 1000 * ticks++).toISOString();
  const operations = new Map<string, number>();

  const upload = ({ body }: Recorded): Answer => {
    if (body.kind !== 'form') return failure(400, 'wants a form');
    const file = body.files.find(({ field }) => field === 'content');
    if (file === undefined) return failure(400, 'missing content');
    const name = readPipelineDocument(file.text, file.name).spec.pipelineInfo.name;
    const one = packages.get(name) ?? {
      createTime: now(),
      versions: new Map<string, Version>(),
      tags: new Map<string, string>(),
    };
    packages.set(name, one);
    const version = digestOf(file.text);
    const description = body.fields['description'] ?? one.versions.get(version)?.description ?? '';
    one.versions.set(version, {
      text: file.text,
      createTime: one.versions.get(version)?.createTime ?? now(),
      description,
    });
    for (const tag of body.fields['tags']?.split(',') ?? []) one.tags.set(tag, version);
    state.uploads += 1;
    return { body: `${name}/${version}` };
  };

  const resources = (request: Recorded, prefix: string, parts: readonly string[]): Answer => {
    const [, name, kind, id] = parts;
    if (name === undefined)
      return paged(
        request,
        'packages',
        [...packages].map(([key, one]) => packageBody(`${prefix}packages/${key}`, one)),
      );
    const one = packages.get(name);
    if (one === undefined) return failure(404, 'Package was not found.');
    const path = `${prefix}packages/${name}`;
    if (kind === undefined) {
      if (request.method === 'DELETE') {
        packages.delete(name);
        return operation(prefix);
      }
      return { body: packageBody(path, one) };
    }
    return kind === 'tags' ? tags(request, path, one, id) : versions(request, prefix, path, one, id);
  };

  const tags = (request: Recorded, path: string, one: Package, id: string | undefined): Answer => {
    const body = (tag: string): unknown => ({
      name: `${path}/tags/${tag}`,
      version: `${path}/versions/${one.tags.get(tag) ?? ''}`,
    });
    const wanted = String(
      (request.body.kind === 'json' ? (request.body.value as Record<string, unknown>) : {})['version'],
    );
    const version = wanted.slice(wanted.lastIndexOf('/') + 1);
    if (id === undefined && request.method === 'GET')
      return paged(request, 'tags', [...one.tags.keys()].map(body));
    const tag = id ?? request.query['tagId'] ?? '';
    switch (request.method) {
      case 'POST':
        if (one.tags.has(tag)) return failure(409, 'the repository tag already exists');
        break;
      case 'GET':
        return one.tags.has(tag) ? { body: body(tag) } : failure(404, 'Tag was not found.');
      case 'DELETE':
        return one.tags.delete(tag) ? { body: {} } : failure(404, 'Tag was not found.');
      default:
        if (!one.tags.has(tag)) return failure(404, 'Tag was not found.');
    }
    if (wanted !== `${path}/versions/${version}`) return failure(400, `invalid version name ${wanted}`);
    if (!one.versions.has(version)) return failure(404, 'Version was not found.');
    one.tags.set(tag, version);
    return { body: body(tag) };
  };

  const versions = (
    request: Recorded,
    prefix: string,
    path: string,
    one: Package,
    id: string | undefined,
  ): Answer => {
    const isFull = prefix === '' || request.query['view'] === 'FULL';
    const body = (name: string, version: Version): unknown => ({
      name: `${path}/versions/${name}`,
      createTime: version.createTime,
      updateTime: version.createTime,
      ...(version.description && { description: version.description }),
      ...(isFull && { relatedTags: related(path, one, name) }),
    });
    if (id === undefined)
      return paged(
        request,
        'versions',
        [...one.versions].map(([name, version]) => body(name, version)),
      );
    const version = one.versions.get(id);
    if (version === undefined) return failure(404, 'Version was not found.');
    if (request.method === 'GET') return { body: body(id, version) };
    const pointing = [...one.tags].filter(([, target]) => target === id);
    if (pointing.length > 0 && request.query['force'] !== 'true')
      return failure(400, 'Failed precondition: version is tagged', 'FAILED_PRECONDITION');
    for (const [tag] of pointing) one.tags.delete(tag);
    one.versions.delete(id);
    return operation(prefix);
  };

  /** Deletions go on for a while in Artifact Registry, and are done at once elsewhere. */
  const operation = (prefix: string): Answer => {
    if (prefix === '') return { body: { done: true } };
    const name = `${prefix.split('/repositories/')[0]}/operations/${operations.size}`;
    operations.set(name, 1);
    return { body: { name, done: false } };
  };

  const handler: Handler = (request) => {
    const google = /^\/v1\/(projects\/[^/]+\/locations\/[^/]+\/)(.*)$/.exec(request.path);
    if (google !== null) {
      const [, place = '', rest = ''] = google;
      const left = operations.get(place + rest);
      if (left !== undefined) {
        operations.set(place + rest, left - 1);
        return { body: { name: place + rest, done: left <= 0 } };
      }
      const [, repository = '', ...parts] = rest.split('/');
      return resources(request, `${place}repositories/${repository}/`, parts);
    }
    const parts = request.path
      .split('/')
      .filter((part) => part !== '')
      .slice(2);
    if (parts.length === 0 && request.method === 'POST') return upload(request);
    if (parts[0] === 'packages') return resources(request, '', parts);
    const [name = '', wanted = ''] = parts;
    const one = packages.get(name);
    const found = one?.versions.get(one.tags.get(wanted) ?? wanted);
    return found === undefined ? failure(404, 'The requested artifact was not found.') : { body: found.text };
  };
  const state: RegistryState = { handler, packages, uploads: 0 };
  return state;
}

function packageBody(name: string, { createTime }: Package): unknown {
  return { name, createTime, updateTime: createTime };
}

function related(path: string, one: Package, version: string): unknown {
  return [...one.tags]
    .filter(([, target]) => target === version)
    .map(([tag]) => ({ name: `${path}/tags/${tag}`, version: `${path}/versions/${version}` }));
}

function paged({ query }: Recorded, field: string, items: readonly unknown[]): Answer {
  const from = Number(query['pageToken'] ?? 0);
  const next = from + pageSize;
  // An empty list is not written at all.
  const page = items.slice(from, next);
  return {
    body: {
      ...(page.length > 0 && { [field]: page }),
      ...(next < items.length && { nextPageToken: String(next) }),
    },
  };
}

function failure(code: number, message: string, status = 'NOT_FOUND'): Answer {
  return { status: code, body: { error: { code, message, status } } };
}
