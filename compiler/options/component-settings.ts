/** A component's options, checked and resolved. */
import type { Vary } from '../../spec/index.ts';
import type { OptionReader } from './option-reader.ts';
import { readKubernetes } from './kubernetes/read-kubernetes.ts';
import type { KubernetesSettings } from './kubernetes/settings.ts';
import { RefReader } from './ref-option.ts';
import { readPassthroughs, type PassthroughSettings } from './passthroughs.ts';
import { readResources, type ResourceSettings } from './resources.ts';
import { seconds } from './duration.ts';

export interface ComponentSettings {
  /** Undefined for a lightweight component. */
  readonly image?: ImageSettings;
  readonly resources: ResourceSettings;
  readonly env: Readonly<Record<string, string>>;
  readonly secretEnv: readonly string[];
  readonly reads: readonly string[];
  readonly assets: readonly string[];
  readonly external: readonly string[];
  readonly cached: boolean;
  readonly vary: readonly Vary[];
  /** Seconds. */
  readonly maxAge?: number;
  readonly isolate: boolean;
  readonly kubernetes: KubernetesSettings;
  readonly passthroughs: readonly PassthroughSettings[];
}

interface ImageSettings {
  readonly name: string;
  /** Environment variable that holds the reference to compile in. */
  readonly uriFrom?: string;
}

/** A component's options are constants. */
const constants = new RefReader();

/** Reads a component's options; what is wrong is reported through the reader, and left out. */
export function readComponentSettings(reader: OptionReader): ComponentSettings {
  const image = readImage(reader);
  const cache = reader.get('cache');
  const cacheOptions = cache === undefined || cache === false ? undefined : reader.nested('cache');
  const maxAge = cacheOptions?.text('maxAge');
  const maxAgeSeconds = maxAge === undefined ? undefined : seconds(maxAge);
  if (maxAge !== undefined && maxAgeSeconds === undefined)
    reader.fault('cache.maxAge', `"${maxAge}" is no duration`, 'write it as 30s, 10m, 2h or 1d');
  const vary = (cacheOptions?.texts('vary') ?? []).filter((part): part is Vary => {
    const known = part === 'platform' || part === 'accelerator' || part === 'node';
    if (!known) reader.fault('cache.vary', `"${part}" is unknown`, "use 'platform', 'accelerator' or 'node'");
    return known;
  });
  cacheOptions?.refuseOthers(['vary', 'maxAge']);
  reader.refuseOthers([
    'image', 'env', 'secretEnv', 'reads', 'assets', 'external', 'cache', 'isolate',
    'cpu', 'cpuRequest', 'memory', 'memoryRequest', 'accelerator', 'kubernetes', 'taskConfigPassthroughs',
  ]); // prettier-ignore
  return {
    ...(image && { image }),
    resources: readResources(reader, constants),
    env: reader.textMap('env'),
    secretEnv: reader.texts('secretEnv'),
    reads: reader.texts('reads'),
    assets: reader.texts('assets'),
    external: reader.texts('external'),
    cached: cache !== false,
    vary,
    ...(maxAgeSeconds !== undefined && { maxAge: maxAgeSeconds }),
    isolate: reader.flag('isolate') ?? false,
    kubernetes: readKubernetes(reader, constants),
    passthroughs: readPassthroughs(reader),
  };
}

function readImage(reader: OptionReader): ImageSettings | undefined {
  const value = reader.get('image');
  if (value === undefined) return undefined;
  if (typeof value === 'string' && value !== '') return { name: value };
  const long = typeof value === 'object' ? reader.nested('image') : undefined;
  const name = long?.text('name');
  const uriFrom = long?.text('uriFrom');
  if (name !== undefined && uriFrom !== undefined) return { name, uriFrom };
  reader.fault('image', 'is malformed', "write 'name', a whole reference, or { name, uriFrom }");
  return undefined;
}
