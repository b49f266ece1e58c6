/** Reads compiled pipelines from YAML and JSON, as any KFP compiler writes them. Strict, and with the place of each fault. */
import { UserError, UserErrors, type ErrorCode } from '../errors/index.ts';
import { checkPipeline, checkPlatform } from './check/check-pipeline.ts';
import { findParts, type Part } from './document-parts.ts';
import { normalize } from './normalize.ts';
import type { PipelineSpec } from './pipeline-spec.ts';
import type { CompiledPipeline, PlatformSpec } from './platform-spec.ts';
import { readDocuments } from './read-documents.ts';
import { validate, type Fault } from './validate.ts';

/**
 * Reads a compiled pipeline: a PipelineSpec and, in a second document, its platform spec; or the two inside a Kubernetes manifest of a
 * PipelineVersion. Gives messages in their one form (`normalize`).
 * @param file name of the document, for error texts; `.json` is read as JSON
 * @throws UserErrors with all faults
 */
export function readPipelineDocument(text: string, file: string): CompiledPipeline {
  const { spec, platform } = findParts(readDocuments(text, file), file);
  const errors = [
    ...structureOf(spec, 'PipelineSpec', file),
    ...(platform === undefined ? [] : structureOf(platform, 'PlatformSpec', file)),
  ];
  if (errors.length > 0) throw new UserErrors(errors);
  // The faults above are all that could make these untrue.
  const pipeline = normalize(spec.value, 'PipelineSpec') as PipelineSpec;
  const settings =
    platform === undefined ? undefined : (normalize(platform.value, 'PlatformSpec') as PlatformSpec);
  const inside = [
    ...toErrors(checkPipeline(pipeline), spec, file),
    ...(platform === undefined || settings === undefined
      ? []
      : toErrors(checkPlatform(settings, pipeline), platform, file)),
  ];
  if (inside.length > 0) throw new UserErrors(inside);
  return settings === undefined ? { spec: pipeline } : { spec: pipeline, platform: settings };
}

function structureOf(part: Part, message: string, file: string): UserError[] {
  return toErrors(validate(normalize(part.value, message), message), part, file);
}

/** Makes errors of faults, from the top of a document to its end. */
function toErrors(faults: readonly Fault[], part: Part, file: string): UserError[] {
  return faults
    .map(({ code, path, isKey, problem, fix }) => {
      const facts = { at: part.placeOf(path, isKey) ?? { file }, problem };
      return new UserError((code ?? 'FER3002') satisfies ErrorCode, {
        ...facts,
        ...(fix !== undefined && { fix }),
      });
    })
    .sort(({ at: a }, { at: b }) => (a?.line ?? 0) - (b?.line ?? 0) || (a?.column ?? 0) - (b?.column ?? 0));
}
