/** Loads a trace module, chooses its pipeline and traces it. */
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import { TaskError, UserError, messageOf, type Location } from '../../errors/index.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ComponentInterface } from '../interfaces/component-interface.ts';
import { isPlainObject } from '../options/option-reader.ts';
import { watcher, type PipelineMark } from '../source-pass/trace-source.ts';
import { locate } from '../source-text.ts';
import { CallPlaces, frameIn, frameOfError } from './call-place.ts';
import { readTraceMap, type TraceModule } from './load-source.ts';
import { nearest } from './nearest.ts';
import { tracedParameters } from './parameters.ts';
import { RefObject } from './ref.ts';
import { definitionOf, publishSdk, receiving, type PipelineDefinition } from './trace-sdk.ts';
import type { TracedPipeline } from './traced-task.ts';
import { Tracer, type TraceContext } from './tracer.ts';

export interface TraceRequest {
  readonly file: string;
  readonly projectRoot: string;
  /** Export name, where a file has several pipelines. */
  readonly pipeline?: string;
  readonly interfaces: ReadonlyMap<string, ComponentInterface>;
  readonly diagnostics: Diagnostics;
}

/** A key of the interfaces map. */
export function interfaceKey(file: string, name: string): string {
  return `${file}#${name}`;
}

const pipelineName = /^[a-z0-9][a-z0-9-]{0,127}$/;
let loads = 0;

/** Traces a module's pipeline. Undefined where there is none to trace; why is in the diagnostics. */
export async function tracePipelineModule(
  module: TraceModule,
  request: TraceRequest,
): Promise<TracedPipeline | undefined> {
  const { diagnostics, projectRoot: root } = request;
  // A module is loaded once for each compile: its top level may look at files or the environment.
  const url = `${pathToFileURL(module.file).href}?${(loads += 1)}`;
  const places = new CallPlaces(root, () => readTraceMap(module));
  const context: TraceContext = {
    diagnostics,
    interfaceOf: (file, name) => request.interfaces.get(interfaceKey(file, name)),
    callPlace: () => {
      const frame = frameIn(url);
      return () => places.of(frame);
    },
    placeAt: (file, offset) => locate(places.source(path.resolve(root, file)), offset),
  };
  const tracer = new Tracer(context);
  const fileName = path.relative(root, request.file);
  return watching(tracer, context, async () => {
    publishSdk();
    let exports: object;
    try {
      exports = (await import(url)) as object;
    } catch (error) {
      diagnostics.take(thrown(error, places.of(frameOfError(error, url)), `${fileName} failed to load`));
      return undefined;
    }
    const definition = choosePipeline(exports, request, fileName);
    if (definition === undefined) return undefined;
    return trace(definition, tracer, context, (error) => places.of(frameOfError(error, url)));
  });
}

async function watching<T>(tracer: Tracer, context: TraceContext, work: () => Promise<T>): Promise<T> {
  const watch = (value: unknown, how: string, file: string, offset: number): unknown => {
    if (value instanceof RefObject) tracer.misuse(value, how, context.placeAt(file, offset));
    return value instanceof RefObject && arithmetic.has(how) ? 0 : value;
  };
  const before: unknown = Reflect.get(globalThis, watcher);
  Reflect.set(globalThis, watcher, watch);
  try {
    return await work();
  } finally {
    Reflect.set(globalThis, watcher, before);
  }
}

/** After the report, a number stands in for the Ref: its own conversion would report the same use again. */
const arithmetic = new Set([
  '+', '-', '*', '/', '%', '**', '~', '&', '|', '^', '<<', '>>', '>>>', '<', '>', '<=', '>=', '==', '!=',
]); // prettier-ignore

function choosePipeline(
  exports: object,
  { pipeline, diagnostics }: TraceRequest,
  file: string,
): PipelineDefinition | undefined {
  const found = new Map<string, PipelineDefinition>();
  for (const [name, value] of Object.entries(exports)) {
    const definition = definitionOf(value);
    if (definition?.kind === 'pipeline') found.set(name, definition);
  }
  const names = [...found.keys()];
  const chosen = pipeline === undefined ? found.get('default') : found.get(pipeline);
  if (chosen !== undefined) return chosen;
  if (pipeline !== undefined)
    diagnostics.add('FER2015', {
      at: { file },
      problem: `no pipeline is exported as "${pipeline}"`,
      fix: nearest(pipeline, names),
    });
  else if (names.length === 0)
    diagnostics.add('FER2015', {
      at: { file },
      problem: 'the file exports no pipeline',
      fix: "write: export default pipeline('name', { ... }, (...) => { ... })",
    });
  else if (new Set(found.values()).size === 1) return [...found.values()][0];
  else
    diagnostics.add('FER2015', {
      at: { file },
      problem: `the file exports several pipelines: ${names.join(', ')}`,
      fix: 'choose one with --pipeline NAME, or export one as default',
    });
  return undefined;
}

function trace(
  definition: PipelineDefinition,
  tracer: Tracer,
  context: TraceContext,
  placeOf: (error: unknown) => Location,
): TracedPipeline | undefined {
  const { diagnostics } = context;
  const { mark } = definition;
  const at = (): Location => (mark === undefined ? { file: '' } : context.placeAt(mark.file, mark.start));
  const name = typeof definition.name === 'string' ? definition.name : '';
  if (!pipelineName.test(name))
    diagnostics.add('FER2016', {
      at: at(),
      problem: `${JSON.stringify(definition.name)} cannot name a pipeline`,
      fix: 'use lower-case letters, digits and -, at most 128, not - at the start',
    });
  const parameters = tracedParameters(definition, context);
  const refs = Object.fromEntries(
    parameters.map(({ name: parameter, type }) => [
      parameter,
      tracer.ref({ kind: 'parameter', name: parameter }, type),
    ]),
  );
  if (typeof definition.body !== 'function') {
    diagnostics.add('FER2025', {
      at: at(),
      problem: `"${name}" has no function`,
      fix: 'pass one as third argument',
    });
    return undefined;
  }
  const body = definition.body as (params: object) => unknown;
  let returned: unknown;
  try {
    returned = receiving(tracer, () => body(refs));
  } catch (error) {
    diagnostics.take(thrown(error, placeOf(error), `the function of the pipeline "${name}" failed`));
  }
  tracer.finish();
  const outputs = outputsOf(returned, name, at, diagnostics);
  return { name, place: at(), ...describe(mark), parameters, tasks: tracer.tasks, outputs };
}

function describe(mark: PipelineMark | undefined): { description?: string } {
  return mark?.description === undefined ? {} : { description: mark.description };
}

function outputsOf(
  returned: unknown,
  name: string,
  at: () => Location,
  diagnostics: Diagnostics,
): ReadonlyMap<string, RefObject> {
  const outputs = new Map<string, RefObject>();
  if (returned === undefined) return outputs;
  if (returned instanceof Promise) {
    // Whatever it rejects with comes of the same mistake.
    returned.catch(() => undefined);
    diagnostics.add('FER2013', {
      at: at(),
      problem: `the function of the pipeline "${name}" is async: it is traced once, when it is compiled`,
      fix: 'remove async; let a component do what must wait',
    });
    return outputs;
  }
  const fix = 'return named outputs: { accuracy: tested.outputs.accuracy }';
  if (!isPlainObject(returned)) {
    diagnostics.add('FER2025', { at: at(), problem: `"${name}" returns no object of outputs`, fix });
    return outputs;
  }
  for (const [key, value] of Object.entries(returned)) {
    const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(key);
    if (isName && value instanceof RefObject && value.source.kind !== 'parameter') outputs.set(key, value);
    else
      diagnostics.add('FER2025', {
        at: at(),
        problem: isName
          ? `the output "${key}" of the pipeline "${name}" is no output of a task`
          : `"${key}" cannot name an output`,
        fix,
      });
  }
  return outputs;
}

function thrown(error: unknown, at: Location, what: string): UserError {
  const fix = error instanceof TaskError || error instanceof UserError ? error.fix : undefined;
  return new UserError('FER2019', {
    ...(at.file !== '' && { at }),
    problem: `${what}: ${messageOf(error)}`,
    ...(fix !== undefined && { fix }),
    cause: error,
  });
}
