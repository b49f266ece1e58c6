import { UserError } from '../errors/index.ts';
import type { DeclaredOuts, Step } from './container.ts';
import type { JsonValue } from '../spec/json.ts';
import type { Arg, Args, Ref } from './values.ts';

type JsonObject = { readonly [key: string]: JsonValue };

/** A file says that an input is a list or an object, and not of what: there any Ref to one will do. */
type LoadedArg<T> = [JsonValue] extends [T]
  ? Arg<T>
  : [readonly JsonValue[]] extends [T]
    ? T | Ref<readonly unknown[]>
    : [JsonObject] extends [T]
      ? T | Ref<object>
      : Arg<T>;

/** The inputs of a task that is a loaded component. */
type LoadedArgs<I> = {
  readonly [K in keyof Args<I>]: K extends keyof I ? LoadedArg<Exclude<I[K], undefined>> : never;
};

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
): Step<LoadedArgs<I>, DeclaredOuts<O>> {
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
