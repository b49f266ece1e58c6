/** Finds the PipelineSpec and the platform spec in the documents of a file, and tells files of other kinds for what they are. */
import { UserError, UserErrors, type ErrorCode, type Location } from '../errors/index.ts';
import type { ReadDocument } from './read-documents.ts';

/** A message inside a document. */
export interface Part {
  readonly value: unknown;
  /** The place of a path inside the message. */
  readonly placeOf: (path: readonly (string | number)[], isKey?: boolean) => Location | undefined;
}

export interface Parts {
  readonly spec: Part;
  readonly platform?: Part;
}

/**
 * Finds the parts of a compiled pipeline.
 * @throws UserErrors FER3002 where there are too few or too many documents, FER3008 for documents of another kind
 */
export function findParts(documents: readonly ReadDocument[], file: string): Parts {
  const manifests = documents.filter(({ value }) => isManifest(value));
  if (manifests.length > 0) return manifestParts(manifests, file);
  const [first, second, third] = documents;
  if (first === undefined)
    return fail('FER3002', { file }, 'the document is empty', 'give it a PipelineSpec');
  refuseOthers(first, file);
  if (third !== undefined)
    return fail(
      'FER3002',
      third.placeOf([]) ?? { file },
      'there are more than two documents',
      'keep the PipelineSpec and the platform spec',
    );
  return { spec: first, ...(second !== undefined && { platform: second }) };
}

/** The parts of `kind: PipelineVersion`; a `kind: Pipeline` beside it only names it. */
function manifestParts(manifests: readonly ReadDocument[], file: string): Parts {
  const [version, other] = manifests.filter(({ value }) => field(value, 'kind') === 'PipelineVersion');
  if (version === undefined)
    return fail(
      'FER3002',
      manifests[0]?.placeOf([]) ?? { file },
      'the manifest has no PipelineVersion, which holds the pipeline',
      'write it with kfp dsl compile --kubernetes-manifest-format',
    );
  if (other !== undefined)
    return fail(
      'FER3002',
      other.placeOf([]) ?? { file },
      'there is more than one PipelineVersion',
      'put each into a file of its own',
    );
  const part = (name: string): Part | undefined => {
    const value = field(field(version.value, 'spec'), name);
    return value === undefined
      ? undefined
      : { value, placeOf: (path, isKey) => version.placeOf(['spec', name, ...path], isKey) };
  };
  const spec = part('pipelineSpec');
  const platform = part('platformSpec');
  if (spec === undefined)
    return fail(
      'FER3002',
      version.placeOf(['spec'], true) ?? { file },
      'spec lacks the field "pipelineSpec"',
    );
  refuseOthers(spec, file);
  return { spec, ...(platform !== undefined && { platform }) };
}

function refuseOthers({ value, placeOf }: Part, file: string): void {
  const at = placeOf([]) ?? { file };
  if (field(value, 'implementation') !== undefined)
    fail(
      'FER3008',
      at,
      'this is a component of KFP 1, not a pipeline',
      'make it usable in pipelines: ferrule import FILE',
    );
  if (String(field(value, 'apiVersion')).startsWith('argoproj.io/'))
    fail(
      'FER3008',
      at,
      'this is a workflow of Argo, which KFP 1 made of pipelines',
      'compile the pipeline with KFP 2',
    );
  if (field(value, 'pipelineSpec') !== undefined && field(value, 'pipelineInfo') === undefined)
    fail(
      'FER3008',
      at,
      'this is a PipelineJob, which KFP 1.8 made of pipelines',
      'compile the pipeline with KFP 2; the pipeline itself is under pipelineSpec',
    );
  const version = field(value, 'schemaVersion') ?? field(value, 'schema_version');
  if (typeof version === 'string' && version !== '2.1.0')
    fail(
      'FER3008',
      placeOf(['schemaVersion']) ?? at,
      `schemaVersion is ${version || 'empty'}, and only 2.1.0 can be run`,
      'compile it with KFP 2',
    );
}

function isManifest(value: unknown): boolean {
  return String(field(value, 'apiVersion')).startsWith('pipelines.kubeflow.org/');
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}

function fail(code: ErrorCode, at: Location, problem: string, fix?: string): never {
  throw new UserErrors([new UserError(code, { at, problem, ...(fix !== undefined && { fix }) })]);
}
