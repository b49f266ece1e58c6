import { UserError } from '../../errors/index.ts';
import type { Digest } from '../../spec/index.ts';
import type { TagChange, TemplatePackage, TemplateStore, TemplateVersion, UploadOptions } from '../ports.ts';
import { checkTag } from '../template-names.ts';
import {
  allPages,
  pipelineAnswer,
  pipelinesPage,
  reading,
  versionAnswer,
  versionsPage,
  type PipelineAnswer,
  type VersionAnswer,
} from './answers.ts';
import { filterBy } from './filter.ts';
import type { KfpFile, KfpHttp } from './kfp-http.ts';
import { contentDigest, documentOf, tagValue, templateVersion, versionNameOf } from './stored-versions.ts';

/** Most characters of a label of KFP's. */
const longestTag = 63;

/** Pipelines and their versions in KFP, as packages and versions of templates. Tags are labels of versions. */
export function kfpTemplates(http: KfpHttp): TemplateStore {
  const { namespace } = http;
  const find = async (name: string): Promise<PipelineAnswer | undefined> => {
    const query = { namespace, filter: filterBy('display_name', 'equals', name) };
    const page = await http.get(
      '/pipelines',
      `looking for the pipeline ${name}`,
      reading(pipelinesPage),
      query,
    );
    return page.pipelines?.find((one) => nameOf(one) === name);
  };
  const pipeline = async (name: string): Promise<PipelineAnswer> => {
    const found = await find(name);
    if (found !== undefined) return found;
    throw new UserError('FER8004', {
      problem: `there is no pipeline ${name} in KFP${namespace === undefined ? '' : `, in the namespace ${namespace}`}`,
      fix: '`ferrule templates list` lists them; --namespace names another namespace',
    });
  };
  const versionsOf = (name: string, id: string): Promise<VersionAnswer[]> =>
    allPages(
      (page_token) =>
        http.get(`/pipelines/${id}/versions`, `listing the versions of ${name}`, reading(versionsPage), {
          page_token,
          page_size: 100,
          sort_by: 'created_at desc',
        }),
      ({ pipeline_versions }) => pipeline_versions,
    );
  const pick = (name: string, all: readonly VersionAnswer[], wanted: string): VersionAnswer => {
    const found =
      all.find(({ tags = {} }) => wanted in tags) ??
      all.find((one) => templateVersion(name, one).name === wanted || one.pipeline_version_id === wanted);
    if (found !== undefined) return found;
    throw new UserError('FER8004', {
      problem: `there is no version and no tag "${wanted}" of ${name}`,
      fix: `\`ferrule templates versions ${name}\` lists them`,
    });
  };
  const look = async (
    name: string,
    wanted: string,
  ): Promise<{ all: readonly VersionAnswer[]; found: VersionAnswer }> => {
    const { pipeline_id } = await pipeline(name);
    const all = await versionsOf(name, pipeline_id);
    return { all, found: pick(name, all, wanted) };
  };
  const setTags = (answer: VersionAnswer, tags: Readonly<Record<string, string>>): Promise<VersionAnswer> => {
    const { pipeline_id, pipeline_version_id, display_name } = answer;
    const body = { pipeline_id, pipeline_version_id, display_name, tags };
    const doing = `setting the tags of ${display_name ?? pipeline_version_id}`;
    return http.patch(
      `/pipelines/${pipeline_id}/versions/${pipeline_version_id}`,
      doing,
      reading(versionAnswer),
      body,
    );
  };
  /** Sets tags on one version, and takes them off the others. First it is set: a tag is never nowhere. */
  const moveTags = async (
    name: string,
    all: readonly VersionAnswer[],
    target: VersionAnswer,
    tags: readonly string[],
  ): Promise<TagChange[]> => {
    const version = templateVersion(name, target).name;
    const missing = tags.filter((tag) => !(tag in (target.tags ?? {})));
    if (missing.length > 0)
      await setTags(target, { ...target.tags, ...Object.fromEntries(missing.map((tag) => [tag, tagValue])) });
    const changes = new Map<string, TagChange>();
    for (const tag of tags)
      changes.set(tag, { kind: missing.includes(tag) ? 'added' : 'kept', tag, version });
    for (const other of all) {
      const leaving = missing.filter((tag) => tag in (other.tags ?? {}));
      if (other.pipeline_version_id === target.pipeline_version_id || leaving.length === 0) continue;
      await setTags(other, without(other.tags, leaving));
      const from = templateVersion(name, other).name;
      for (const tag of leaving) changes.set(tag, { kind: 'moved', tag, version, from });
    }
    return [...changes.values()];
  };
  /** Makes a pipeline without a version: the name of its first version is that which was asked for, and not its own. */
  const make = async (name: string, description: string | undefined): Promise<string> => {
    const body = { display_name: name, name, description, namespace };
    return (await http.post('/pipelines', `making the pipeline ${name}`, reading(pipelineAnswer), body))
      .pipeline_id;
  };
  /** Sends a document, as a pipeline of its own or as a version of one that is there. */
  const send = async (
    there: string | undefined,
    file: KfpFile,
    digest: Digest,
    name: string,
    { description, versionName }: UploadOptions,
  ): Promise<void> => {
    const doing = `uploading ${name}`;
    const pipelineid = there ?? (versionName === undefined ? undefined : await make(name, description));
    try {
      if (pipelineid === undefined)
        await http.upload('/pipelines/upload', doing, reading(pipelineAnswer), file, {
          name,
          description,
          namespace,
        });
      else
        await http.upload('/pipelines/upload_version', doing, reading(versionAnswer), file, {
          name: versionName ?? versionNameOf(digest),
          pipelineid,
          description,
        });
    } catch (error) {
      // What was taken although its answer got lost is refused the second time.
      if (!(error instanceof UserError && error.code === 'FER8005')) throw error;
      const now = await find(name);
      const all = now === undefined ? [] : await versionsOf(name, now.pipeline_id);
      if (!all.some((one) => templateVersion(name, one).digest === digest)) throw error;
    }
  };
  const versions = async (name: string): Promise<TemplateVersion[]> =>
    (await versionsOf(name, (await pipeline(name)).pipeline_id)).map((one) => templateVersion(name, one));

  return {
    address: http.host,
    async packages() {
      const found = await allPages(
        (page_token) =>
          http.get('/pipelines', 'listing pipelines', reading(pipelinesPage), {
            namespace,
            page_token,
            page_size: 100,
          }),
        (page) => page.pipelines,
      );
      return found.map(packageOf).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    package: async (name) => packageOf(await pipeline(name)),
    versions,
    version: async (name, wanted) => templateVersion(name, (await look(name, wanted)).found),
    async tags(name) {
      const found = (await versions(name)).flatMap((version) =>
        version.tags.map((tag) => ({ kind: 'template-tag' as const, name: tag, version: version.name })),
      );
      return found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    },
    async upload({ compiled, text, fileName }, options = {}) {
      const { tags = [] } = options;
      for (const tag of tags) checkTag(tag, longestTag);
      const { name } = compiled.spec.pipelineInfo;
      const digest = contentDigest(compiled);
      const file = { name: fileName, text };
      const there = await find(name);
      const before = there === undefined ? [] : await versionsOf(name, there.pipeline_id);
      const same = before.find((one) => templateVersion(name, one).digest === digest);
      if (same === undefined) await send(there?.pipeline_id, file, digest, name, options);
      const id = there?.pipeline_id ?? (await pipeline(name)).pipeline_id;
      const all = same === undefined ? await versionsOf(name, id) : before;
      const target = same ?? all.find((one) => templateVersion(name, one).digest === digest) ?? all[0];
      if (target === undefined) throw nothingThere(name);
      const changes = await moveTags(name, all, target, tags);
      const version = templateVersion(name, {
        ...target,
        tags: { ...target.tags, ...Object.fromEntries(tags.map((tag) => [tag, tagValue])) },
      });
      return { kind: same === undefined ? 'uploaded' : 'unchanged', version, tags: changes };
    },
    async tag(name, wanted, tag) {
      checkTag(tag, longestTag);
      const { all, found } = await look(name, wanted);
      const [change] = await moveTags(name, all, found, [tag]);
      return change ?? { kind: 'kept', tag, version: templateVersion(name, found).name };
    },
    async untag(name, tag) {
      const having = (await versionsOf(name, (await pipeline(name)).pipeline_id)).filter(
        (one) => tag in (one.tags ?? {}),
      );
      if (having.length === 0)
        throw new UserError('FER8004', {
          problem: `there is no tag ${tag} of ${name}`,
          fix: `\`ferrule templates tags ${name}\` lists them`,
        });
      for (const one of having) await setTags(one, without(one.tags, [tag]));
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
      await http.delete(
        `/pipelines/${found.pipeline_id}/versions/${found.pipeline_version_id}`,
        `deleting ${name}/${wanted}`,
      );
    },
    async deletePackage(name) {
      const { pipeline_id } = await pipeline(name);
      await http.delete(`/pipelines/${pipeline_id}`, `deleting the pipeline ${name}`, { cascade: 'true' });
    },
    uriOf: (name, wanted) => `kfp://${name}/${wanted}`,
    close: () => http.close(),
  };
}

function packageOf(answer: PipelineAnswer): TemplatePackage {
  const { description, created_at } = answer;
  return {
    kind: 'template-package',
    name: nameOf(answer),
    ...(description !== undefined && description !== '' && { description }),
    ...(created_at !== undefined && { createdAt: created_at }),
  };
}

function nameOf({ display_name, name, pipeline_id }: PipelineAnswer): string {
  return display_name ?? name ?? pipeline_id;
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
