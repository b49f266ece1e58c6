/** Traces one pipeline's function: its parameters, the tasks that it makes, the outputs that it returns. */
import { TaskError, UserError, messageOf, type Location } from '../../errors/index.ts';
import type { Diagnostics } from '../diagnostics.ts';
import { isPlainObject } from '../options/option-reader.ts';
import { readPipelineSettings } from '../options/pipeline-settings.ts';
import type { PipelineMark } from '../source-pass/trace-source.ts';
import { tracedParameters } from './parameters.ts';
import { gatheringOf } from './flow/gatherings.ts';
import { refOf, type RefObject } from './ref.ts';
import { scopeFault } from './flow/scope.ts';
import { receiving, type PipelineDefinition } from './trace-sdk.ts';
import type { TracedPipeline } from './traced-task.ts';
import type { TraceContext } from './trace-context.ts';
import { Tracer } from './tracer.ts';

/** Traces a pipeline. Undefined where it has no function; why is in the diagnostics. */
export function traceDefinition(
  definition: PipelineDefinition,
  context: TraceContext,
  placeOf: (error: unknown) => Location,
): TracedPipeline | undefined {
  const { diagnostics } = context;
  const tracer = new Tracer(context);
  const { mark } = definition;
  const at = (): Location => (mark === undefined ? { file: '' } : context.placeAt(mark.file, mark.start));
  const settings = readPipelineSettings(definition.options, at, diagnostics);
  const { name } = settings;
  const given = tracedParameters(definition, context);
  const parameters = given.filter((parameter) => parameter.type !== undefined);
  const refs = Object.fromEntries(
    given.map((parameter) => [
      parameter.name,
      tracer.ref(
        parameter.type === undefined
          ? { kind: 'broken' }
          : {
              kind: 'parameter',
              name: parameter.name,
              absent: parameter.optional && parameter.default === undefined,
            },
        parameter.type,
      ),
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
  const outputs = outputsOf(returned, name, at, tracer, diagnostics);
  return {
    name,
    settings,
    place: at(),
    ...describe(mark),
    parameters,
    tasks: tracer.tasks,
    body: tracer.body,
    outputs,
  };
}

function describe(mark: PipelineMark | undefined): { description?: string } {
  return mark?.description === undefined ? {} : { description: mark.description };
}

function outputsOf(
  returned: unknown,
  name: string,
  at: () => Location,
  { templates: owner, body }: Tracer,
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
    const ref = refOf(value);
    if (isName && ref?.owner === owner && isWholeOutput(ref)) {
      const hidden = scopeFault(ref, body);
      if (hidden !== undefined) diagnostics.add('FER2027', { at: at(), ...hidden });
      outputs.set(key, ref);
    } else
      diagnostics.add('FER2025', {
        at: at(),
        problem: isName
          ? `the output "${key}" of the pipeline "${name}" is no output of a task`
          : `"${key}" cannot name an output`,
        fix: isName ? (fixForOutput(value) ?? fix) : 'use letters, digits and _',
      });
  }
  return outputs;
}

/** Tells how to give what was returned; undefined where that says nothing of what was meant. */
function fixForOutput(value: unknown): string | undefined {
  switch (gatheringOf(value)?.kind) {
    case 'loop':
      return 'it is a loop: return what it gave, as lists: collect(loop)';
    case 'when':
      return 'it is a branch that may not run: end it with .otherwise(() => ...), and return oneOf(branches)';
    case 'branches':
      return 'these are branches: return what the one gave that ran: oneOf(branches)';
    case undefined:
      return refOf(value) === undefined
        ? undefined
        : 'return it from a component: a pipeline gives whole outputs of tasks';
  }
}

/** KFP gives what a task gives, as a whole; what was reported already is no fault of its own. */
function isWholeOutput({ source }: RefObject): boolean {
  return ['output', 'oneOf', 'collected', 'broken'].includes(source.kind);
}

/** Makes a diagnostic of what the user's code threw. */
export function thrown(error: unknown, at: Location, what: string): UserError {
  const fix = error instanceof TaskError || error instanceof UserError ? error.fix : undefined;
  return new UserError('FER2019', {
    ...(at.file !== '' && { at }),
    problem: `${what}: ${messageOf(error)}`,
    ...(fix !== undefined && { fix }),
    cause: error,
  });
}
