import type { ProviderChoice } from 'ferrule/onnx';

/** Says where the graphs run, and why not on a GPU. */
export function sayProvider(choice: ProviderChoice): void {
  console.log(choice.provider === 'cuda' ? 'training on CUDA' : `training on the CPU: ${choice.reason}`);
}

/** Says how far the backbone has come with a set of photographs. */
export function sayFeatures(set: string, done: number, photographs: number): void {
  console.log(`features of ${set}: ${done} of ${photographs} photographs`);
}

/** Says what the training came to, in one line. */
export function sayResult(bestEpoch: number, epochs: number, validationAccuracy: number): void {
  console.log(
    `best epoch ${bestEpoch} of ${epochs}: ${(validationAccuracy * 100).toFixed(1)} % of the validation photographs right`,
  );
}

/** Times a stretch of work and says how long it took: in the log alone, since results must not depend on a clock. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await work();
  console.log(`${what}: ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}
