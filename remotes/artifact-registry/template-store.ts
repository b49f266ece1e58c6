import { InfrastructureError, UserError } from '../../errors/index.ts';
import { digestOf } from '../../spec/index.ts';
import type { Credentials } from '../credentials/credentials.ts';
import { httpClient, type HttpOptions } from '../http/http-client.ts';
import type { TagChange, TemplateStore, TemplateVersion } from '../ports.ts';
import { repositoryAddresses, type RepositoryAddresses } from './addresses.ts';
import { checkTag, checkVersion, isVersion } from '../template-names.ts';
import { registryApi, type RegistryApi } from './registry-api.ts';

export interface RegistryOptions extends Omit<HttpOptions, 'service' | 'credentials'> {
  /** The repository's address: `https://REGION-kfp.pkg.dev/PROJECT/REPOSITORY`, or that of another registry. */
  readonly repository: string;
  readonly credentials: Credentials;
}

/** Opens a KFP repository. Nothing is asked yet. */
export function registryTemplates(options: RegistryOptions): TemplateStore {
  const addresses = repositoryAddresses(options.repository);
  const client = httpClient({ ...options, service: serviceOf(addresses) });
  const api = registryApi(client, addresses);
  const find = finder(api);

  const setTag = async (name: string, version: string, tag: string): Promise<TagChange> => {
    const before = await api.tagIfAny(name, tag);
    if (before?.version === version) return { kind: 'kept', tag, version };
    if (before === undefined) await api.createTag(name, version, tag);
    else await api.moveTag(name, version, tag);
    return before === undefined
      ? { kind: 'added', tag, version }
      : { kind: 'moved', tag, version, from: before.version };
  };

  return {
    address: addresses.host,
    packages: async () => (await api.packages()).toSorted(byName),
    package: (name) => api.package(name),
    async versions(name) {
      const versions = await api.versions(name);
      // An empty list is also what is answered for a package that is not there.
      if (versions.length === 0) await api.package(name);
      return versions.toSorted((a, b) => (b.createdAt ?? '').localeCompare(a.createdAt ?? ''));
    },
    version: find,
    async tags(name) {
      const tags = await api.tags(name);
      if (tags.length === 0) await api.package(name);
      return tags.toSorted(byName);
    },
    async upload({ compiled, text, fileName }, { tags = [], description } = {}) {
      for (const tag of tags) checkTag(tag);
      const name = compiled.spec.pipelineInfo.name;
      const digest = digestOf(text);
      const there = await api.versionIfAny(name, digest);
      if (there !== undefined) {
        const changes: TagChange[] = [];
        for (const tag of tags) changes.push(await setTag(name, digest, tag));
        return { kind: 'unchanged', version: await refreshed(api, there), tags: changes };
      }
      const before = tags.length === 0 ? [] : await tagsBefore(api, name);
      const answer = await api.upload(
        { name: fileName, text },
        {
          ...(tags.length > 0 && { tags: tags.join(',') }),
          ...(description !== undefined && { description }),
        },
      );
      const [uploadedName, version] = answered(answer, addresses);
      const changes = tags.map((tag): TagChange => {
        const from = before.find((one) => one.name === tag)?.version;
        if (from === version) return { kind: 'kept', tag, version };
        return from === undefined ? { kind: 'added', tag, version } : { kind: 'moved', tag, version, from };
      });
      return {
        kind: 'uploaded',
        tags: changes,
        version: {
          kind: 'template-version',
          package: uploadedName,
          name: version,
          digest,
          ...(description !== undefined && { description }),
          tags: [...tags].sort(),
        },
      };
    },
    async tag(name, versionOrTag, tag) {
      checkTag(tag);
      return setTag(name, (await find(name, versionOrTag)).name, tag);
    },
    async untag(name, tag) {
      checkTag(tag);
      await api.deleteTag(name, tag);
    },
    async download(name, versionOrTag) {
      const version = await find(name, versionOrTag);
      return { version, text: await api.download(name, version.name) };
    },
    async deleteVersion(name, version, { force = false } = {}) {
      checkVersion(version);
      const there = await find(name, version);
      if (there.tags.length > 0 && !force)
        throw new UserError('FER8007', {
          problem: `${name}/${version} has the tags ${there.tags.join(', ')}`,
          fix: 'move or remove them first, or delete it with --force, which removes them too',
        });
      await api.deleteVersion(name, version, force);
    },
    deletePackage: (name) => api.deletePackage(name),
    uriOf: (name, versionOrTag) => `${addresses.host}/${name}/${versionOrTag}`,
    close: () => client.close(),
  };
}

/** Finds versions by name or tag. */
function finder(api: RegistryApi): (name: string, versionOrTag: string) => Promise<TemplateVersion> {
  const byVersion = async (name: string, version: string): Promise<TemplateVersion> => {
    const found = await api.versionIfAny(name, version);
    if (found !== undefined) return found;
    throw new UserError('FER8004', {
      problem: `there is no version ${version} of ${name}`,
      fix: `\`ferrule templates versions ${name}\` lists them`,
    });
  };
  return async (name, versionOrTag) => {
    if (isVersion(versionOrTag)) {
      checkVersion(versionOrTag);
      return byVersion(name, versionOrTag);
    }
    checkTag(versionOrTag);
    const tag = await api.tagIfAny(name, versionOrTag);
    if (tag !== undefined) return byVersion(name, tag.version);
    throw new UserError('FER8004', {
      problem: `there is no tag ${versionOrTag} of ${name}`,
      fix: `\`ferrule templates tags ${name}\` lists them`,
    });
  };
}

async function refreshed(api: RegistryApi, version: TemplateVersion): Promise<TemplateVersion> {
  return (await api.versionIfAny(version.package, version.name)) ?? version;
}

async function tagsBefore(api: RegistryApi, name: string) {
  try {
    return await api.tags(name);
  } catch (error) {
    // The first version of a package makes the package.
    if (error instanceof UserError && error.code === 'FER8004') return [];
    throw error;
  }
}

/** Reads what an upload answers: `package/sha256:…`. */
function answered(answer: string, { host }: RepositoryAddresses): readonly [string, string] {
  const [name, version, ...rest] = answer.trim().replaceAll('"', '').split('/');
  if (name === undefined || name === '' || version === undefined || rest.length > 0)
    throw new InfrastructureError('FER8009', {
      problem: `${host} took the upload, and its answer is not the name of a version: ${answer.slice(0, 100)}`,
      fix: 'check that the address is that of a KFP repository',
      retryable: false,
    });
  return [name, version];
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function serviceOf({ google, host }: RepositoryAddresses): HttpOptions['service'] {
  return {
    name: google === undefined ? 'the registry' : 'Artifact Registry',
    permission: google
      ? `ask for the role "Artifact Registry Writer" on ${google.repository} in ${google.project} ("Reader" is enough to download), and that the Artifact Registry API is enabled`
      : 'ask whoever runs the registry, or use other credentials',
    address: `check the address of the repository (${host}), the name and the version`,
  };
}
