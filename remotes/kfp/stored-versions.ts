/** Versions of pipelines in KFP, as templates. KFP keeps no bytes: what a version is follows from what its spec says. */
import { digestOfJson, type CompiledPipeline, type Digest } from '../../spec/index.ts';
import type { TemplateVersion } from '../ports.ts';
import type { VersionAnswer } from './answers.ts';

/** The value of a label of KFP's that stands for a tag of ours: there it is a name with a value, here a name. */
export const tagValue = 'true';

/** Tells what a pipeline says, whatever order its fields are in. */
export function contentDigest({ spec, platform }: CompiledPipeline): Digest {
  return digestOfJson({ pipeline_spec: spec, ...(platform !== undefined && { platform_spec: platform }) });
}

/** Names a version that was given no name. */
export function versionNameOf(digest: Digest): string {
  return `sha256-${digest.slice('sha256:'.length, 'sha256:'.length + 16)}`;
}

export function templateVersion(name: string, answer: VersionAnswer): TemplateVersion {
  const { pipeline_version_id, display_name, description, created_at, tags = {} } = answer;
  return {
    kind: 'template-version',
    package: name,
    name: display_name ?? answer.name ?? pipeline_version_id,
    id: pipeline_version_id,
    packageId: answer.pipeline_id,
    ...(answer.pipeline_spec !== undefined && { digest: digestOfStruct(answer.pipeline_spec) }),
    ...(description !== undefined && description !== '' && { description }),
    ...(created_at !== undefined && { createdAt: created_at }),
    tags: Object.keys(tags).sort(),
  };
}

/** Writes the structure of the API as a document: JSON is YAML. */
export function documentOf(struct: Readonly<Record<string, unknown>>): string {
  if (!('pipeline_spec' in struct)) return JSON.stringify(struct);
  return [struct['pipeline_spec'], struct['platform_spec']]
    .filter((part) => part !== undefined)
    .map((part) => JSON.stringify(part))
    .join('\n---\n');
}

function digestOfStruct(struct: Readonly<Record<string, unknown>>): Digest {
  return digestOfJson('pipeline_spec' in struct ? struct : { pipeline_spec: struct });
}
