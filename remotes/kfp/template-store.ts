import { UserError } from '../../errors/index.ts';
import type { TagChange, TemplatePackage, TemplateStore, TemplateVersion } from '../ports.ts';
import { checkTag } from '../template-names.ts';
import type { PipelineAnswer, VersionAnswer } from './answers.ts';
import type { KfpHttp } from './kfp-http.ts';
import { pipelineName, pipelinesApi } from './pipelines-api.ts';
import { contentDigest, documentOf, tagValue, templateVersion } from './stored-versions.ts';

/** Most characters of a label of KFP's. */
const longestTag = 63;

/** Pipelines and their versions in KFP, as packages and versions of templates. Tags are labels of versions. */
export function kfpTemplates(http: KfpHttp): TemplateStore {
  const api = pipelinesApi(http);
  const look = async (
    name: string,
    wanted: string,
  ): Promise<{ all: readonly VersionAnswer[]; found: VersionAnswer }> => {
    const all = await api.versions(name, (await api.get(name)).pipeline_id);
    return { all, found: pick(name, all, wanted) };
  };
  const versions = async (name: string): Promise<TemplateVersion[]> =>
    (await api.versions(name, (await api.get(name)).pipeline_id)).map((one) => templateVersion(name, one));
  /** Sets tags on one version, and then takes them off the others: a tag is never nowhere. */
  const moveTags = async (
    name: string,
    all: readonly VersionAnswer[],
    target: VersionAnswer,
    tags: readonly string[],
  ): Promise<TagChange[]> => {
    const version = templateVersion(name, target).name;
    const missing = tags.filter((tag) => !(tag in (target.tags ?? {})));
    if (missing.length > 0) await api.setLabels(target, labelled(target, missing));
    const changes = new Map<string, TagChange>();
    for (const tag of tags)
      changes.set(tag, { kind: missing.includes(tag) ? 'added' : 'kept', tag, version });
    for (const other of all) {
      const leaving = missing.filter((tag) => tag in (other.tags ?? {}));
      if (other.pipeline_version_id === target.pipeline_version_id || leaving.length === 0) continue;
      await api.setLabels(other, without(other.tags, leaving));
      const from = templateVersion(name, other).name;
      for (const tag of leaving) changes.set(tag, { kind: 'moved', tag, version, from });
    }
    return [...changes.values()];
  };

  return {
    address: http.host,
    packages: async () => (await api.list()).map(packageOf).toSorted(byName),
    package: async (name) => packageOf(await api.get(name)),
    versions,
    version: async (name, wanted) => templateVersion(name, (await look(name, wanted)).found),
    async tags(name) {
      const found = (await versions(name)).flatMap((version) =>
        version.tags.map((tag) => ({ kind: 'template-tag' as const, name: tag, version: version.name })),
      );
      return found.toSorted(byName);
    },
    async upload({ compiled, text, fileName }, options = {}) {
      const { tags = [] } = options;
      for (const tag of tags) checkTag(tag, longestTag);
      const { name } = compiled.spec.pipelineInfo;
      const digest = contentDigest(compiled);
      const isSame = (one: VersionAnswer): boolean => templateVersion(name, one).digest === digest;
      const there = await api.find(name);
      const before = there === undefined ? [] : await api.versions(name, there.pipeline_id);
      const same = before.find(isSame);
      if (same === undefined)
        await api.upload(name, there?.pipeline_id, { name: fileName, text }, digest, options);
      const id = there?.pipeline_id ?? (await api.get(name)).pipeline_id;
      const all = same === undefined ? await api.versions(name, id) : before;
      const target = same ?? all.find(isSame) ?? all[0];
      if (target === undefined) throw nothingThere(name);
      const changes = await moveTags(name, all, target, tags);
      const version = templateVersion(name, { ...target, tags: labelled(target, tags) });
      return { kind: same === undefined ? 'uploaded' : 'unchanged', version, tags: changes };
    },
    async tag(name, wanted, tag) {
      checkTag(tag, longestTag);
      const { all, found } = await look(name, wanted);
      const [change] = await moveTags(name, all, found, [tag]);
      return change ?? { kind: 'kept', tag, version: templateVersion(name, found).name };
    },
    async untag(name, tag) {
      const all = await api.versions(name, (await api.get(name)).pipeline_id);
      const having = all.filter((one) => tag in (one.tags ?? {}));
      if (having.length === 0)
        throw new UserError('FER8004', {
          problem: `there is no tag ${tag} of ${name}`,
          fix: `\`ferrule templates tags ${name}\` lists them`,
        });
      for (const one of having) await api.setLabels(one, without(one.tags, [tag]));
    },
    async download(name, wanted) {
      const { found } = await look(name, wanted);
      const { readPipelineDocument } = await import('../../spec/pipeline-document.ts');
      const { writePipelineYaml } = await import('../../spec/yaml.ts');
      const version = templateVersion(name, found);
      const compiled = readPipelineDocument(documentOf(found.pipeline_spec ?? {}), `${name}/${version.name}`);
      return { version, text: writePipelineYaml(compiled, { header: true }) };
    },
    async deleteVersion(name, wanted, { force = false } = {}) {
      const { found } = await look(name, wanted);
      const { tags } = templateVersion(name, found);
      if (tags.length > 0 && !force)
        throw new UserError('FER8007', {
          problem: `${name}/${wanted} has the tags ${tags.join(', ')}`,
          fix: 'move or remove them first, or delete it with --force, which removes them too',
        });
      await api.deleteVersion(name, found);
    },
    deletePackage: (name) => api.delete(name),
    uriOf: (name, wanted) => `kfp://${name}/${wanted}`,
    close: () => http.close(),
  };
}

function pick(name: string, all: readonly VersionAnswer[], wanted: string): VersionAnswer {
  const found =
    all.find(({ tags = {} }) => wanted in tags) ??
    all.find((one) => templateVersion(name, one).name === wanted || one.pipeline_version_id === wanted);
  if (found !== undefined) return found;
  throw new UserError('FER8004', {
    problem: `there is no version and no tag "${wanted}" of ${name}`,
    fix: `\`ferrule templates versions ${name} --backend kfp\` lists them`,
  });
}

function packageOf(answer: PipelineAnswer): TemplatePackage {
  const { description, created_at } = answer;
  return {
    kind: 'template-package',
    name: pipelineName(answer),
    ...(description !== undefined && description !== '' && { description }),
    ...(created_at !== undefined && { createdAt: created_at }),
  };
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function labelled({ tags }: VersionAnswer, names: readonly string[]): Record<string, string> {
  return { ...tags, ...Object.fromEntries(names.map((name) => [name, tagValue])) };
}

function without(
  tags: Readonly<Record<string, string>> = {},
  names: readonly string[],
): Record<string, string> {
  return Object.fromEntries(Object.entries(tags).filter(([tag]) => !names.includes(tag)));
}

function nothingThere(name: string): UserError {
  return new UserError('FER8004', {
    problem: `KFP took the upload of ${name}, and lists no version of it`,
    fix: 'look at the logs of its API server',
  });
}
