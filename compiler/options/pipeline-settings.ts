/** A pipeline's name and options, checked. */
import type { Location } from '../../errors/index.ts';
import type { JsonValue } from '../../spec/index.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { nameOfPipeline } from '../trace/pipeline-name.ts';
import { seconds } from './duration.ts';
import { isJsonObject, isPlainObject, OptionReader } from './option-reader.ts';

export interface PipelineSettings {
  readonly name: string;
  readonly displayName?: string;
  readonly root?: string;
  /** As KFP's platform spec has it; empty where nothing is said. */
  readonly config: Readonly<Record<string, JsonValue>>;
}

const pipelineName = /^[a-z0-9][a-z0-9-]{0,127}$/;

/** Reads the first argument of pipeline(): its name, or all its options. What is wrong is reported. */
export function readPipelineSettings(
  given: unknown,
  at: () => Location,
  diagnostics: Diagnostics,
): PipelineSettings {
  const name = nameOfPipeline(given);
  if (!pipelineName.test(name))
    diagnostics.add('FER2016', {
      at: at(),
      problem: `${JSON.stringify(isPlainObject(given) ? given['name'] : given) ?? 'nothing'} cannot name a pipeline`,
      fix: 'use lower-case letters, digits and -, at most 128, not - at the start',
    });
  if (!isPlainObject(given)) return { name, config: {} };
  const reader = new OptionReader(given, at, diagnostics);
  reader.refuseOthers(['name', 'displayName', 'root', 'workspace', 'ttl', 'deadline']);
  const displayName = reader.text('displayName');
  const root = reader.text('root');
  return {
    name,
    ...(displayName !== undefined && { displayName }),
    ...(root !== undefined && { root }),
    config: {
      ...readWorkspace(reader),
      ...readTimes(reader),
    },
  };
}

const size = /^(?:0|[1-9]\d*)(?:\.\d+)?(?:[KMGTPE]i?)?$/;

function readWorkspace(options: OptionReader): Record<string, JsonValue> {
  const reader = options.nested('workspace');
  if (reader === undefined) return {};
  reader.refuseOthers(['size', 'kubernetes']);
  const text = reader.text('size') ?? '';
  if (!size.test(text)) reader.fault('size', 'is no amount of storage', "write it as '10Gi' or '500M'");
  const kubernetes = reader.nested('kubernetes');
  kubernetes?.refuseOthers(['pvcSpecPatch']);
  const patch = kubernetes?.get('pvcSpecPatch') ?? {};
  if (!isJsonObject(patch))
    kubernetes?.fault('pvcSpecPatch', 'is no object of plain JSON', 'write it as Kubernetes does');
  // KFP writes the patch also where there is none.
  return { workspace: { size: text, kubernetes: { pvcSpecPatch: isJsonObject(patch) ? patch : {} } } };
}

function readTimes(reader: OptionReader): Record<string, JsonValue> {
  const ttl = reader.nested('ttl');
  ttl?.refuseOthers(['onCompletion', 'onSuccess', 'onFailure']);
  const times = {
    resourceTtlOnCompletion: ttl && readSeconds(ttl, 'onCompletion'),
    resourceTtlOnSuccess: ttl && readSeconds(ttl, 'onSuccess'),
    resourceTtlOnFailure: ttl && readSeconds(ttl, 'onFailure'),
    activeDeadlineSeconds: readSeconds(reader, 'deadline'),
  };
  return Object.fromEntries(Object.entries(times).flatMap(([name, time]) => (time ? [[name, time]] : [])));
}

/** The largest int32. */
const longest = 2 ** 31 - 1;

function readSeconds(reader: OptionReader, option: string): number | undefined {
  const text = reader.text(option);
  if (text === undefined) return undefined;
  const length = seconds(text);
  if (length === undefined)
    reader.fault(option, `"${text}" is no duration`, 'write it as 30s, 10m, 2h or 1d');
  else if (length > longest) reader.fault(option, `"${text}" is too long`, 'write at most 24855d');
  return length;
}
