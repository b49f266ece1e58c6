/** Masks secrets in what this process prints. */
import type { SecretMask } from './secret-mask.ts';

/**
 * Puts a mask over standard output and standard error. A runner that reads a container's log masks it once more:
 * this one serves platforms whose logs nobody of ours reads.
 */
export function maskWrites(secrets: SecretMask): void {
  if (secrets.isEmpty) return;
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write.bind(stream);
    stream.write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
      const done = rest.find((argument) => typeof argument === 'function');
      return write(secrets.mask(text), done as ((error?: Error | null) => void) | undefined);
    };
  }
}
