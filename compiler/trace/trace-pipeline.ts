/** Loads a trace module, chooses its pipeline and traces it. */
import { pathToFileURL } from 'node:url';
import path from 'node:path';
import type { Location } from '../../errors/index.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ComponentInterface, PortType } from '../interfaces/component-interface.ts';
import { requiredKey } from '../interfaces/load-interfaces.ts';
import { watcher } from '../source-pass/trace-source.ts';
import { locate } from '../source-text.ts';
import { CallPlaces, frameIn, frameOfError } from './call-place.ts';
import { readTraceMap, type TraceModule } from './load-source.ts';
import { placeholderText } from './steps/container-placeholders.ts';
import type { ComponentFiles } from './steps/loaded-component.ts';
import { nearest } from './nearest.ts';
import { nameOfPipeline } from './pipeline-name.ts';
import { conditionOf } from './flow/condition-calls.ts';
import { refOf } from './ref.ts';
import { holdsRef } from './template.ts';
import { definitionOf, needsDocuments, publishSdk, type PipelineDefinition } from './trace-sdk.ts';
import type { TracedPipeline } from './traced-task.ts';
import { thrown, traceDefinition } from './trace-definition.ts';
import { reportMisuse, reportPlaceholder, type TraceContext } from './trace-context.ts';

export interface TraceRequest {
  readonly file: string;
  readonly projectRoot: string;
  /** Export name, where a file has several pipelines. */
  readonly pipeline?: string;
  readonly interfaces: ReadonlyMap<string, ComponentInterface>;
  /** By `requiredKey`. */
  readonly required: ReadonlyMap<string, PortType>;
  readonly componentFiles: ComponentFiles;
  readonly diagnostics: Diagnostics;
}

/** A key of the interfaces map. */
export function interfaceKey(file: string, name: string): string {
  return `${file}#${name}`;
}

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
  const placeOf = (error: unknown): Location => places.of(frameOfError(error, url));
  const open = new Set<PipelineDefinition>();
  const context: TraceContext = {
    diagnostics,
    interfaceOf: (file, name) => request.interfaces.get(interfaceKey(file, name)),
    componentFiles: request.componentFiles,
    requiredType: ({ file, type }) => request.required.get(requiredKey(file, type)),
    callPlace: () => {
      const frame = frameIn(url);
      return () => places.of(frame);
    },
    placeAt: (file, offset) => locate(places.source(path.resolve(root, file)), offset),
    nested: (definition, place) => {
      if (open.has(definition)) {
        const problem = `the pipeline "${nameOfPipeline(definition.options)}" calls itself`;
        diagnostics.add('FER2024', {
          at: place(),
          problem,
          fix: 'let it end: a pipeline is traced as a whole',
        });
        return undefined;
      }
      open.add(definition);
      const traced = traceDefinition(definition, context, placeOf);
      open.delete(definition);
      return traced;
    },
  };
  const fileName = path.relative(root, request.file);
  return watching(context, async () => {
    publishSdk();
    let exports: object;
    try {
      exports = (await import(url)) as object;
    } catch (error) {
      diagnostics.take(thrown(error, placeOf(error), `${fileName} failed to load`));
      return undefined;
    }
    if (needsDocuments()) await request.componentFiles.prepare();
    const definition = choosePipeline(exports, request, fileName);
    if (definition === undefined) return undefined;
    open.add(definition);
    const traced = traceDefinition(definition, context, placeOf);
    if (traced !== undefined) refuseUngiven(traced, definition, context);
    return traced;
  });
}

/** Reports parameters that tell how others ended: whoever starts a run knows of no others. */
function refuseUngiven(
  { name: pipeline, parameters }: TracedPipeline,
  { mark }: PipelineDefinition,
  context: TraceContext,
): void {
  for (const { name, type } of parameters)
    if (type.kind === 'finalStatus')
      context.diagnostics.add('FER2042', {
        at:
          mark === undefined
            ? { file: '' }
            : context.placeAt(mark.file, mark.params[name]?.start ?? mark.start),
        problem: `the parameter "${name}" is a FinalStatus, which the pipeline "${pipeline}" has only as an exit task of another one`,
        fix: 'compile the pipeline that calls it in onExit(...), or leave the parameter out',
      });
}

/** Modules find the watcher on globalThis: traces of one process take turns. */
let turn: Promise<unknown> = Promise.resolve();

async function watching<T>(context: TraceContext, work: () => Promise<T>): Promise<T> {
  const watch = (value: unknown, how: string, file: string, offset: number): unknown => {
    const ref = refOf(value);
    if (ref !== undefined) reportMisuse(context, ref, how, context.placeAt(file, offset));
    if (conditionOf(value) !== undefined)
      context.diagnostics.add('FER2008', {
        at: context.placeAt(file, offset),
        problem: `a condition has no value yet when the pipeline is compiled: it cannot be used with ${how}`,
        fix: 'give it to when(condition, () => { ... }); and(a, b), or(a, b), not(a) join conditions',
      });
    const placeholder = placeholderText(value);
    if (placeholder !== undefined)
      reportPlaceholder(context, placeholder, how, context.placeAt(file, offset));
    if (typeof value === 'string' && comparison.has(how) && holdsRef(value))
      context.diagnostics.add('FER2008', {
        at: context.placeAt(file, offset),
        problem: `a text with a Ref inside is not known yet when the pipeline is compiled: it cannot be used with ${how}`,
        fix: 'let a component compare texts',
      });
    return ref !== undefined && arithmetic.has(how) ? 0 : value;
  };
  const before = turn;
  const mine = (async () => {
    await before.catch(() => undefined);
    Reflect.set(globalThis, watcher, watch);
    return work();
  })();
  turn = mine;
  return mine;
}

/** What tells one text from another. */
const comparison = new Set(['===', '!==', '==', '!=', '<', '>', '<=', '>=', 'switch']);

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
