/** The requests of KFP's pipelines and their versions. */
import { UserError } from '../../errors/index.ts';
import type { Digest } from '../../spec/index.ts';
import type { UploadOptions } from '../ports.ts';
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
import { templateVersion, versionNameOf } from './stored-versions.ts';

export interface PipelinesApi {
  list(): Promise<readonly PipelineAnswer[]>;
  find(name: string): Promise<PipelineAnswer | undefined>;
  /** @throws UserError FER8004 where there is none of this name */
  get(name: string): Promise<PipelineAnswer>;
  /** Lists the versions of a pipeline, newest first. */
  versions(name: string, id: string): Promise<readonly VersionAnswer[]>;
  /** Replaces the labels of a version. */
  setLabels(version: VersionAnswer, labels: Readonly<Record<string, string>>): Promise<void>;
  /** Sends a document: as a version of a pipeline that is there, or with a pipeline of its own. */
  upload(
    name: string,
    there: string | undefined,
    file: KfpFile,
    digest: Digest,
    options: UploadOptions,
  ): Promise<void>;
  deleteVersion(name: string, version: VersionAnswer): Promise<void>;
  /** Removes a pipeline with its versions. */
  delete(name: string): Promise<void>;
}

export function pipelinesApi(http: KfpHttp): PipelinesApi {
  const { namespace } = http;
  const find: PipelinesApi['find'] = async (name) => {
    const query = { namespace, filter: filterBy('display_name', 'equals', name) };
    const page = await http.get(
      '/pipelines',
      `looking for the pipeline ${name}`,
      reading(pipelinesPage),
      query,
    );
    return page.pipelines?.find((one) => pipelineName(one) === name);
  };
  const get: PipelinesApi['get'] = async (name) => {
    const found = await find(name);
    if (found !== undefined) return found;
    throw new UserError('FER8004', {
      problem: `there is no pipeline ${name} in KFP${namespace === undefined ? '' : `, in the namespace ${namespace}`}`,
      fix: '`ferrule templates list` lists them; --namespace names another namespace',
    });
  };
  const versions: PipelinesApi['versions'] = (name, id) =>
    allPages(
      (page_token) =>
        http.get(`/pipelines/${id}/versions`, `listing the versions of ${name}`, reading(versionsPage), {
          page_token,
          page_size: 100,
          sort_by: 'created_at desc',
        }),
      ({ pipeline_versions }) => pipeline_versions,
    );
  /** Makes a pipeline without a version: the first one is to be named as asked, and not as the pipeline. */
  const make = async (name: string, description: string | undefined): Promise<string> => {
    const body = { display_name: name, name, description, namespace };
    return (await http.post('/pipelines', `making the pipeline ${name}`, reading(pipelineAnswer), body))
      .pipeline_id;
  };
  return {
    find,
    get,
    versions,
    list: () =>
      allPages(
        (page_token) =>
          http.get('/pipelines', 'listing pipelines', reading(pipelinesPage), {
            namespace,
            page_token,
            page_size: 100,
          }),
        ({ pipelines }) => pipelines,
      ),
    async setLabels({ pipeline_id, pipeline_version_id, display_name }, tags) {
      const body = { pipeline_id, pipeline_version_id, display_name, tags };
      const doing = `setting the tags of ${display_name ?? pipeline_version_id}`;
      await http.patch(
        `/pipelines/${pipeline_id}/versions/${pipeline_version_id}`,
        doing,
        reading(versionAnswer),
        body,
      );
    },
    async upload(name, there, file, digest, { description, versionName }) {
      const doing = `uploading ${name}`;
      const pipelineid = there ?? (versionName === undefined ? undefined : await make(name, description));
      const asVersion = { name: versionName ?? versionNameOf(digest), pipelineid, description };
      try {
        if (pipelineid === undefined)
          await http.upload('/pipelines/upload', doing, reading(pipelineAnswer), file, {
            name,
            description,
            namespace,
          });
        else await http.upload('/pipelines/upload_version', doing, reading(versionAnswer), file, asVersion);
      } catch (error) {
        // What was taken although its answer got lost is refused the second time.
        if (!(error instanceof UserError && error.code === 'FER8005')) throw error;
        const now = await find(name);
        const all = now === undefined ? [] : await versions(name, now.pipeline_id);
        if (!all.some((one) => templateVersion(name, one).digest === digest)) throw error;
      }
    },
    deleteVersion: (name, { pipeline_id, pipeline_version_id, display_name = '' }) =>
      http.delete(
        `/pipelines/${pipeline_id}/versions/${pipeline_version_id}`,
        `deleting ${name}/${display_name}`,
      ),
    async delete(name) {
      const { pipeline_id } = await get(name);
      await http.delete(`/pipelines/${pipeline_id}`, `deleting the pipeline ${name}`, { cascade: 'true' });
    },
  };
}

/** What people call a pipeline. */
export function pipelineName({ display_name, name, pipeline_id }: PipelineAnswer): string {
  return display_name ?? name ?? pipeline_id;
}
