import { UserError } from '../errors/index.ts';
import type { DeclaredOuts, Step } from './container.ts';
import type { Args } from './values.ts';

/**
 * Loads a component or a whole pipeline that was compiled before, by any KFP compiler: `ferrule import` writes the
 * call and its types beside the file. The compiler reads the file, and checks that it has this interface.
 * @param file a PipelineSpec as YAML or JSON, relative to the source file
 * @param from always `import.meta.url`
 */
// oxlint-disable-next-line typescript/no-empty-object-type -- a component may take nothing and give nothing
export function loadComponent<I extends object = {}, O extends object = {}>(
  file: string,
  from: string,
): Step<Args<I>, DeclaredOuts<O>> {
  const definition = (): never => {
    throw new UserError('FER2026', {
      problem: `the component of ${file} was called outside a pipeline that is compiled`,
      fix: 'call it inside pipeline(..., () => { ... }), and run the pipeline with `ferrule run`',
    });
  };
  definition.file = file;
  definition.from = from;
  return definition;
}
