import { UserError } from '../errors/index.ts';
import type { KubernetesOptions } from './kubernetes-options.ts';
import type { CommandItem, InputPlaceholders, OutputPlaceholders, Placeholder } from './placeholder.ts';
import type { Resources, Task } from './task-options.ts';
import type { Args, Given, RefOf } from './values.ts';

/** What makes a task when it is called in a pipeline's function. */
export type Step<A, Out> = (...given: Given<A>) => Task<Out>;

/** All outputs of a step, artifacts and parameters alike, as its second type argument declares them. */
export type DeclaredOuts<O> = { readonly [K in keyof O]-?: RefOf<Exclude<O[K], undefined>> };

/** A program in an image of others. */
export interface ContainerTemplate extends Resources {
  /** A whole image reference. */
  readonly image: string | Placeholder;
  /** @default the image's own */
  readonly command?: readonly CommandItem[];
  readonly args?: readonly CommandItem[];
  /** Environment variables. Not for secrets: they are written into the spec. */
  readonly env?: Readonly<Record<string, string>>;
  /** `false` never caches. @default true */
  readonly cache?: boolean;
  /** Settings of the pod on Kubernetes. */
  readonly kubernetes?: KubernetesOptions<string, never>;
}

/**
 * Makes a component of a container that knows nothing of Ferrule. Its interface is read from the two type arguments:
 * the inputs, and the outputs, artifacts and parameters alike. The function runs once, when a pipeline that uses the
 * component is compiled; it sees placeholders. Defaults of inputs are constants in its pattern, as in a component.
 *
 * @example
 * export const count = container<{ text: Dataset; label?: string }, { lines: Int }>(({ text, label }, { lines }) => ({
 *   image: 'alpine:3.20',
 *   command: ['sh', '-c', `wc -l < ${text.path} > ${lines.path}`],
 *   args: [ifPresent(label, ['--label', label])],
 * }));
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- a component may take nothing and give nothing
export function container<I extends object = {}, O extends object = {}>(
  define: (inputs: InputPlaceholders<I>, outputs: OutputPlaceholders<O>) => ContainerTemplate,
): Step<Args<I>, DeclaredOuts<O>> {
  const definition = (): never => {
    throw new UserError('FER2026', {
      problem: 'a container component was called outside a pipeline that is compiled',
      fix: 'call it inside pipeline(..., () => { ... }), and run the pipeline with `ferrule run`',
    });
  };
  definition.define = define;
  return definition;
}
