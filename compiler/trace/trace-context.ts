/** What a tracer must know of its surroundings. */
import type { Location } from '../../errors/index.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ComponentInterface, PortType } from '../interfaces/component-interface.ts';
import type { RequiredMark } from '../source-pass/trace-source.ts';
import type { ComponentFiles } from './steps/loaded-component.ts';
import { nearest } from './nearest.ts';
import { refText, type RefObject } from './ref.ts';
import type { PipelineDefinition } from './trace-sdk.ts';
import type { TracedPipeline } from './traced-task.ts';

export interface TraceContext {
  readonly diagnostics: Diagnostics;
  /** The interface of a component; undefined where it has a fault, which was reported. */
  interfaceOf(file: string, name: string): ComponentInterface | undefined;
  /** The type of a parameter without a default; undefined where it has a fault, which was reported. */
  requiredType(mark: RequiredMark): PortType | undefined;
  readonly componentFiles: ComponentFiles;
  /** Takes the place of the call that is being made; asking for it may come later. */
  callPlace(): () => Location;
  /** The place of an offset in one of the user's files. */
  placeAt(file: string, offset: number): Location;
  /** Traces a pipeline that is called as a task; undefined where it cannot be, which was reported. */
  nested(definition: PipelineDefinition, place: () => Location): TracedPipeline | undefined;
}

/** Reports a placeholder of a container that is used as a plain value. */
export function reportPlaceholder(
  { diagnostics }: TraceContext,
  text: string,
  how: string,
  at: Location,
): void {
  diagnostics.add('FER2037', {
    at,
    problem: `${text} of a container has no value when the pipeline is compiled: it cannot be used with ${how}`,
    fix: 'let the run decide: ifPresent(inputs.label, then, otherwise)',
  });
}

/** Uses that decide something. */
const decisions = new Set([
  'if', '?:', 'while', 'for', 'switch', '&&', '||', '??', '!', '===', '!==', '==', '!=', '<', '>', '<=', '>=',
]); // prettier-ignore

/** What repeats over a list that is there. */
const repeating = new Set([
  '.map', '.flatMap', '.forEach', '.filter', '.reduce', '.some', '.every', '.find', '.entries', '.keys', '.values',
]); // prettier-ignore

/** Reports a Ref that is used as a plain value. */
export function reportMisuse({ diagnostics }: TraceContext, ref: RefObject, how: string, at: Location): void {
  if (ref.source.kind === 'broken') return;
  const struct = ref.type?.kind === 'struct' ? ref.type : undefined;
  const fields = struct?.fields;
  if (fields !== undefined && struct?.values === undefined && /^\.[A-Za-z_]/.test(how)) {
    const problem = `${refText(ref)} has no field "${how.slice(1)}"`;
    diagnostics.add('FER2007', { at, problem, fix: nearest(how.slice(1), Object.keys(fields)) });
    return;
  }
  diagnostics.add('FER2008', {
    at,
    problem: `${refText(ref)} has no value yet when the pipeline is compiled: it cannot be used with ${how}`,
    fix: fixFor(how),
  });
}

function fixFor(how: string): string {
  if (decisions.has(how))
    return 'let the run decide: when(gt(x, 3), () => { ... }); eq, ne, gt, gte, lt, lte compare, and, or, not join';
  if (how === 'a loop or spread' || repeating.has(how))
    return 'pass it on whole; to repeat over it: forEach(items, (item) => { ... })';
  return 'pass it to a component, or put it in a template text';
}
