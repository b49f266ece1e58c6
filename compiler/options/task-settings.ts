/** A task's options, checked and resolved. */
import { seconds } from './duration.ts';
import type { OptionReader } from './option-reader.ts';
import { readResources, type ResourceSettings } from './resources.ts';

export interface TaskSettings {
  readonly name?: string;
  readonly displayName?: string;
  readonly retry?: RetrySettings;
  /** Seconds. */
  readonly timeout?: number;
  readonly cached: boolean;
  readonly salt?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly resources: ResourceSettings;
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
export function readTaskSettings(reader: OptionReader): TaskSettings {
  const name = reader.text('name');
  const displayName = reader.text('displayName');
  const retry = readRetry(reader);
  const timeout = readDuration(reader, 'timeout');
  const cache = reader.get('cache');
  const salt = typeof cache === 'object' && cache !== null ? reader.nested('cache')?.text('salt') : undefined;
  if (cache !== undefined && typeof cache !== 'boolean' && salt === undefined)
    reader.fault('cache', 'is malformed', "write true, false or { salt: 'text' }");
  reader.refuseOthers([
    'name', 'displayName', 'retry', 'timeout', 'cache', 'env', 'after',
    'cpu', 'cpuRequest', 'memory', 'memoryRequest', 'accelerator',
  ]); // prettier-ignore
  return {
    ...(name !== undefined && { name }),
    ...(displayName !== undefined && { displayName }),
    ...(retry && { retry }),
    ...(timeout !== undefined && { timeout }),
    cached: cache !== false,
    ...(salt !== undefined && { salt }),
    env: reader.textMap('env'),
    resources: readResources(reader),
  };
}

function readRetry(reader: OptionReader): RetrySettings | undefined {
  const retry = reader.nested('retry');
  if (retry === undefined) return undefined;
  const attempts = retry.number('maxAttempts');
  const factor = retry.number('factor') ?? 2;
  const backoff = readDuration(retry, 'backoff') ?? 0;
  const maxBackoff = readDuration(retry, 'maxBackoff') ?? 3600;
  retry.refuseOthers(['maxAttempts', 'backoff', 'factor', 'maxBackoff']);
  if (attempts === undefined || !Number.isInteger(attempts) || attempts < 1 || factor < 1) {
    reader.fault('retry', 'is malformed', 'write { maxAttempts: 3 }: attempts in all, factor 1 or more');
    return undefined;
  }
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
