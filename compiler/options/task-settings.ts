/** A task's options, checked and resolved. */
import { seconds } from './duration.ts';
import { readKubernetes } from './kubernetes/read-kubernetes.ts';
import { refsOfKubernetes, type KubernetesSettings } from './kubernetes/settings.ts';
import type { RefObject } from '../trace/ref.ts';
import { isPlainObject, type OptionReader } from './option-reader.ts';
import { partsOf, type RefReader, type TextSetting } from './ref-option.ts';
import { readResources, refsOfResources, type ResourceSettings } from './resources.ts';

export interface TaskSettings {
  readonly name?: string;
  readonly displayName?: string;
  readonly retry?: RetrySettings;
  /** Seconds. */
  readonly timeout?: number;
  readonly cached: boolean;
  readonly salt?: string;
  /** KFP's cache key, which stands for the inputs. */
  readonly cacheKey?: string;
  readonly env: Readonly<Record<string, string>>;
  /** Takes the place of the component's. */
  readonly image?: TextSetting;
  readonly resources: ResourceSettings;
  readonly kubernetes: KubernetesSettings;
  /** Runs once the tasks it waits for have ended, however. */
  readonly ignoreUpstreamFailure: boolean;
}

/** Lists the Refs in a task's options. */
export function refsOfSettings({ image, resources, kubernetes }: TaskSettings): RefObject[] {
  return [
    ...(image === undefined ? [] : partsOf(image).filter((part) => typeof part === 'object')),
    ...refsOfResources(resources),
    ...refsOfKubernetes(kubernetes),
  ];
}

interface RetrySettings {
  /** Attempts after the first one. */
  readonly retries: number;
  /** Seconds. */
  readonly backoff: number;
  readonly factor: number;
  /** Seconds. */
  readonly maxBackoff: number;
}

/** Reads a task's options, apart from `after`. What is wrong is reported through the reader, and left out. */
export function readTaskSettings(reader: OptionReader, refs: RefReader): TaskSettings {
  const name = reader.text('name');
  const displayName = reader.text('displayName');
  const retry = readRetry(reader);
  const timeout = readDuration(reader, 'timeout');
  const cache = reader.get('cache');
  const cacheOptions = isPlainObject(cache) ? reader.nested('cache') : undefined;
  cacheOptions?.refuseOthers(['salt', 'key']);
  const salt = cacheOptions?.text('salt');
  const cacheKey = cacheOptions?.text('key');
  const image = reader.get('image') === undefined ? undefined : refs.template(reader, 'image');
  const saysNothing = isPlainObject(cache) ? Object.keys(cache).length === 0 : typeof cache !== 'boolean';
  if (cache !== undefined && saysNothing)
    reader.fault('cache', 'is malformed', "write true, false, { salt: 'text' } or { key: 'text' }");
  reader.refuseOthers([
    'name', 'displayName', 'retry', 'timeout', 'cache', 'env', 'after',
    'cpu', 'cpuRequest', 'memory', 'memoryRequest', 'accelerator', 'image', 'kubernetes', 'ignoreUpstreamFailure',
  ]); // prettier-ignore
  return {
    ...(name !== undefined && { name }),
    ...(displayName !== undefined && { displayName }),
    ...(retry && { retry }),
    ...(timeout !== undefined && { timeout }),
    cached: cache !== false,
    ...(salt !== undefined && { salt }),
    ...(cacheKey !== undefined && { cacheKey }),
    ...(image !== undefined && { image }),
    env: reader.textMap('env'),
    resources: readResources(reader, refs),
    kubernetes: readKubernetes(reader, refs),
    ignoreUpstreamFailure: reader.flag('ignoreUpstreamFailure') ?? false,
  };
}

function readRetry(reader: OptionReader): RetrySettings | undefined {
  const retry = reader.nested('retry');
  if (retry === undefined) return undefined;
  const attempts = retry.number('maxAttempts');
  // What is of another type has been reported.
  const isMissing = isPlainObject(reader.get('retry')) && retry.get('maxAttempts') === undefined;
  const isWrong = attempts !== undefined && (!Number.isInteger(attempts) || attempts < 1);
  const factor = retry.number('factor') ?? 2;
  const backoff = readDuration(retry, 'backoff') ?? 0;
  const maxBackoff = readDuration(retry, 'maxBackoff') ?? 3600;
  retry.refuseOthers(['maxAttempts', 'backoff', 'factor', 'maxBackoff']);
  if (isMissing || isWrong || factor < 1)
    reader.fault('retry', 'is malformed', 'write { maxAttempts: 3 }: attempts in all, factor 1 or more');
  if (attempts === undefined) return undefined;
  return { retries: attempts - 1, backoff, factor, maxBackoff };
}

function readDuration(reader: OptionReader, option: string): number | undefined {
  const text = reader.text(option);
  if (text === undefined) return undefined;
  const length = seconds(text);
  if (length === undefined)
    reader.fault(option, `"${text}" is no duration`, 'write it as 30s, 10m, 2h or 1d');
  return length;
}
