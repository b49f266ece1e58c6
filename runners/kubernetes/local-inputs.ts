/** Inputs that no pod can have. */
import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Attempt, Failure } from '../../engine/ports.ts';

/**
 * Finds an input artifact that lies on this machine's disk, as an importer may name one. A path that does not exist here
 * may be that of a volume in the pod.
 */
export function localInput({ input }: Attempt): Failure | undefined {
  for (const [name, { artifacts }] of Object.entries(input.inputs.artifacts ?? {}))
    for (const { uri } of artifacts) {
      const path = uri.startsWith('file://') ? fileURLToPath(uri) : uri;
      if (!isAbsolute(path) || !existsSync(path)) continue;
      return {
        code: 'FER6059',
        kind: 'user',
        problem: `its input "${name}" is ${uri} on this machine, and pods have no way to it`,
        fix: 'put it into a bucket, and import it from there: gs://bucket/path or s3://bucket/path',
        retryable: false,
      };
    }
  return undefined;
}
