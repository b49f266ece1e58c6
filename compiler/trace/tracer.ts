/** Runs a pipeline's function once and records the tasks it makes. */
import type { Location } from '../../errors/index.ts';
import { kebabCase } from '../../spec/index.ts';
import type { Diagnostics } from '../diagnostics.ts';
import type { ComponentInterface, PortType } from '../interfaces/component-interface.ts';
import { noSettings, readComponentSettings, type ComponentSettings } from '../options/component-settings.ts';
import { OptionReader, isPlainObject } from '../options/option-reader.ts';
import { readTaskSettings } from '../options/task-settings.ts';
import type { RequiredMark } from '../source-pass/trace-source.ts';
import { assign } from './assign.ts';
import { nearest } from './nearest.ts';
import { handleOf, refText, type RefObject, type RefSource } from './ref.ts';
import { Templates } from './template.ts';
import { type CallReceiver, type ComponentDefinition, type PipelineDefinition } from './trace-sdk.ts';
import { interfaceOfPipeline, refuseForPipelines } from './pipeline-task.ts';
import type { Binding, TracedPipeline, TracedTask } from './traced-task.ts';

/** What the tracer must know of its surroundings. */
export interface TraceContext {
  readonly diagnostics: Diagnostics;
  /** The interface of a component; undefined where it has a fault, which was reported. */
  interfaceOf(file: string, name: string): ComponentInterface | undefined;
  /** The type of a parameter without a default; undefined where it has a fault, which was reported. */
  requiredType(mark: RequiredMark): PortType | undefined;
  /** Takes the place of the call that is being made; asking for it may come later. */
  callPlace(): () => Location;
  /** The place of an offset in one of the user's files. */
  placeAt(file: string, offset: number): Location;
  /** Traces a pipeline that is called as a task; undefined where it cannot be, which was reported. */
  nested(definition: PipelineDefinition, place: () => Location): TracedPipeline | undefined;
}

/** Reports a Ref that is used as a plain value. */
export function reportMisuse({ diagnostics }: TraceContext, ref: RefObject, how: string, at: Location): void {
  if (ref.source.kind === 'broken') return;
  diagnostics.add('FER2008', {
    at,
    problem: `${refText(ref)} has no value yet when the pipeline is compiled: it cannot be used with ${how}`,
    fix: 'pass it to a component, or put it in a template text',
  });
}

export class Tracer implements CallReceiver {
  readonly tasks: TracedTask[] = [];
  readonly templates = new Templates();
  readonly #context: TraceContext;
  readonly #names = new Map<string, number>();
  readonly #settings = new Map<ComponentDefinition, ComponentSettings>();
  readonly #components = new Map<string, ComponentInterface>();
  readonly #outputsOf = new WeakMap<object, TracedTask>();

  constructor(context: TraceContext) {
    this.#context = context;
  }

  task(definition: ComponentDefinition | PipelineDefinition, inputs: unknown, options: unknown): unknown {
    const place = this.#context.callPlace();
    const nested = definition.kind === 'pipeline' ? this.#context.nested(definition, place) : undefined;
    const component =
      definition.kind === 'component'
        ? this.#context.interfaceOf(definition.mark.file, definition.mark.name)
        : nested && interfaceOfPipeline(nested);
    if (component === undefined) return { outputs: this.#brokenOutputs() };
    if (definition.kind === 'component') this.#checkName(component, definition);
    const reader = new OptionReader(options, place, this.#context.diagnostics);
    const settings = readTaskSettings(reader);
    if (nested !== undefined) refuseForPipelines(settings, reader);
    const after: TracedTask[] = [];
    const task: TracedTask = {
      name: this.#taskName(settings.name ?? component.name, place),
      component,
      ...(nested && { nested }),
      settings: definition.kind === 'component' ? this.#settingsOf(component, definition) : noSettings,
      options: settings,
      inputs: this.#bindings(component, inputs, place),
      after,
      place,
    };
    this.tasks.push(task);
    const handle = { outputs: this.#outputs(task) };
    this.#outputsOf.set(handle, task);
    this.#later.push(() => after.push(...this.#afterOf(reader, place)));
    return handle;
  }

  /** Reads what could not be read while the function ran: `after` may name tasks that were made later. */
  finish(): void {
    for (const read of this.#later) read();
  }
  readonly #later: (() => void)[] = [];

  /** Makes a Ref and gives its handle. */
  ref(source: RefSource, type: PortType | undefined): object {
    return handleOf({ source, type, owner: this.templates }, (ref, how) => {
      if (ref.source.kind !== 'broken') reportMisuse(this.#context, ref, how, this.#context.callPlace()());
    });
  }

  #brokenOutputs(): unknown {
    const broken = this.ref({ kind: 'broken' }, undefined);
    return new Proxy({}, { get: (_, name) => (typeof name === 'string' ? broken : undefined) });
  }

  #outputs(task: TracedTask): unknown {
    const refs: Record<string, object> = {};
    for (const { name, type } of task.component.outputs)
      refs[name] = this.ref({ kind: 'output', task, name }, type);
    return new Proxy(refs, {
      get: (_, name) => {
        if (typeof name !== 'string') return undefined;
        return Object.hasOwn(refs, name) ? refs[name] : this.#unknownOutput(task, name);
      },
    });
  }

  #unknownOutput(task: TracedTask, name: string): object | undefined {
    if (name === 'then' || name === 'toJSON') return undefined;
    const names = task.component.outputs.map((output) => output.name);
    this.#context.diagnostics.add('FER2007', {
      at: this.#context.callPlace()(),
      problem: `"${task.component.name}" has no output "${name}"`,
      fix: nearest(name, names),
    });
    return this.ref({ kind: 'broken' }, undefined);
  }

  #checkName(component: ComponentInterface, { mark }: ComponentDefinition): void {
    const name = kebabCase(component.name);
    const first = this.#components.get(name);
    if (first === undefined) this.#components.set(name, component);
    else if (first.file !== component.file || first.name !== component.name)
      this.#context.diagnostics.add('FER2012', {
        at: this.#context.placeAt(mark.file, mark.start),
        problem: `two components are called "${name}": "${component.name}" here, and "${first.name}" in ${first.file}`,
        fix: 'rename one of them',
      });
  }

  #settingsOf(component: ComponentInterface, definition: ComponentDefinition): ComponentSettings {
    const known = this.#settings.get(definition);
    if (known !== undefined) return known;
    const { file, start } = definition.mark;
    const at = (): Location => this.#context.placeAt(file, start);
    const reader = new OptionReader(definition.options, at, this.#context.diagnostics);
    const settings = readComponentSettings(reader);
    for (const name of settings.reads)
      if (!component.inputs.some((port) => port.name === name && port.type.kind === 'string'))
        reader.fault(
          'reads',
          `names "${name}", which is no input of type string`,
          'name inputs that hold locations',
        );
    this.#settings.set(definition, settings);
    return settings;
  }

  #taskName(given: string, place: () => Location): string {
    const base = kebabCase(given);
    if (base === '')
      this.#context.diagnostics.add('FER2016', {
        at: place(),
        problem: `"${given}" cannot name a task: no letter or digit is left of it`,
        fix: 'use letters, digits and -',
      });
    const taken = this.#names.get(base);
    this.#names.set(base, (taken ?? 0) + 1);
    if (taken === undefined) return base;
    const name = `${base}-${taken + 1}`;
    // A task may have been called `train-2` outright.
    return this.#names.has(name) ? this.#taskName(given, place) : (this.#names.set(name, 1), name);
  }

  #bindings(
    component: ComponentInterface,
    inputs: unknown,
    place: () => Location,
  ): ReadonlyMap<string, Binding> {
    const bindings = new Map<string, Binding>();
    const given = inputs === undefined ? {} : inputs;
    const { diagnostics } = this.#context;
    if (!isPlainObject(given)) {
      diagnostics.add('FER2006', {
        at: place(),
        problem: `"${component.name}" takes its inputs as one object`,
        fix: `write ${component.name}({ ... })`,
      });
      return bindings;
    }
    const ports = new Map(component.inputs.map((port) => [port.name, port]));
    for (const name of Object.keys(given))
      if (!ports.has(name) && given[name] !== undefined)
        diagnostics.add('FER2005', {
          at: place(),
          problem: `"${component.name}" has no input "${name}"`,
          fix: nearest(name, [...ports.keys()]),
        });
    for (const port of component.inputs) {
      const value = given[port.name];
      if (value === undefined) {
        if (!port.optional)
          diagnostics.add('FER2004', {
            at: place(),
            problem: `"${component.name}" needs the input "${port.name}", and got none`,
            fix: `pass it: ${component.name}({ ${port.name}: ... })`,
          });
        continue;
      }
      const assigned = assign(value, port.type, port.name, this.templates);
      if (assigned.kind === 'fits') bindings.set(port.name, assigned.binding);
      else {
        const { code, what, problem, fix } = assigned.misfit;
        const subject = `the input "${what}" of "${component.name}"`;
        diagnostics.add(code, { at: place(), problem: `${subject} ${problem}`, fix });
      }
    }
    return bindings;
  }

  #afterOf(reader: OptionReader, place: () => Location): TracedTask[] {
    const value = reader.get('after');
    if (value === undefined) return [];
    const tasks = Array.isArray(value)
      ? value.map((item: unknown) =>
          typeof item === 'object' && item !== null ? this.#outputsOf.get(item) : undefined,
        )
      : [undefined];
    if (tasks.includes(undefined)) {
      this.#context.diagnostics.add('FER2017', {
        at: place(),
        problem: 'the option "after" must be a list of tasks of this pipeline',
        fix: 'write after: [first]',
      });
    }
    return tasks.filter((task) => task !== undefined);
  }
}
