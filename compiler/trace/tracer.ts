/** Runs a pipeline's function once and records the tasks it makes. */
import type { Location } from '../../errors/index.ts';
import type { PortType } from '../interfaces/component-interface.ts';
import { OptionReader } from '../options/option-reader.ts';
import { readTaskSettings } from '../options/task-settings.ts';
import { knownArtifact } from '../interfaces/known-artifacts.ts';
import { typeText } from '../interfaces/value-type.ts';
import { RefReader } from '../options/ref-option.ts';
import type { RequiredMark } from '../source-pass/trace-source.ts';
import { DefinitionWork, type DefinedWork } from './definition-work.ts';
import { readImporter } from './importer-task.ts';
import { nearest } from './nearest.ts';
import { refuseWithoutContainer } from './pipeline-task.ts';
import { handleOf, type RefSource } from './ref.ts';
import { bindInputs } from './task-inputs.ts';
import { TaskNames } from './task-names.ts';
import { Templates } from './template.ts';
import { reportMisuse, type TraceContext } from './trace-context.ts';
import type { CallReceiver, Definition } from './trace-sdk.ts';
import type { GroupChild, RootGroup, TracedGroup } from './traced-group.ts';
import type { TracedTask } from './traced-task.ts';
import { kfpNames } from './volume-claims.ts';

export class Tracer implements CallReceiver {
  readonly tasks: TracedTask[] = [];
  readonly templates = new Templates();
  readonly body: RootGroup;
  readonly #context: TraceContext;
  readonly #definitions: DefinitionWork;
  readonly #names = new TaskNames();
  readonly #taskOf = new WeakMap<object, TracedTask>();
  /** The group that is open now, and where it takes what is made in it. */
  #open: { readonly group: TracedGroup; readonly children: GroupChild[] };

  constructor(context: TraceContext) {
    this.#context = context;
    this.#definitions = new DefinitionWork(context);
    const children: GroupChild[] = [];
    this.body = { kind: 'root', children };
    this.#open = { group: this.body, children };
  }

  task(definition: Definition, inputs: unknown, options: unknown): unknown {
    const place = this.#context.callPlace();
    const { diagnostics } = this.#context;
    const defined = this.#definitions.of(definition, place);
    if (defined === undefined) return { outputs: this.#brokenOutputs() };
    const bindings = bindInputs(defined.component, inputs, place, this.templates, diagnostics);
    return this.#make(
      definition.kind === 'claim'
        ? { work: defined.work, ...kfpNames(defined.component, bindings) }
        : { ...defined, inputs: bindings },
      options,
      place,
    );
  }

  importer(mark: RequiredMark | null, given: unknown, options: unknown): unknown {
    const place = this.#context.callPlace();
    const { diagnostics } = this.#context;
    const type = mark === null ? knownArtifact('Artifact') : this.#context.requiredType(mark);
    if (type === undefined) return { outputs: this.#brokenOutputs() };
    if (type.kind !== 'artifact' || type.list) {
      diagnostics.add('FER2035', {
        at: place(),
        problem: `an importer makes one artifact, not a ${typeText(type)}`,
        fix: "write importer<Dataset>({ uri: '...' })",
      });
      return { outputs: this.#brokenOutputs() };
    }
    const read = readImporter(given, type, this.templates, place, diagnostics);
    if (read === undefined) return { outputs: this.#brokenOutputs() };
    const { component, settings, inputs } = read;
    return this.#make({ component, work: { kind: 'importer', settings }, inputs }, options, place);
  }

  #make(
    { component, work, inputs }: DefinedWork & Pick<TracedTask, 'inputs'>,
    options: unknown,
    place: () => Location,
  ): unknown {
    const reader = new OptionReader(options, place, this.#context.diagnostics);
    const settings = readTaskSettings(reader, new RefReader(this.templates));
    refuseWithoutContainer(work, settings, reader);
    const after: TracedTask[] = [];
    const task: TracedTask = {
      kind: 'task',
      name: this.#taskName(settings.name ?? component.name, place),
      component,
      work,
      options: settings,
      inputs,
      after,
      group: this.#open.group,
      place,
    };
    this.tasks.push(task);
    this.#open.children.push(task);
    const handle = { outputs: this.#outputs(task) };
    this.#taskOf.set(handle, task);
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

  #taskName(given: string, place: () => Location): string {
    const name = this.#names.of(given);
    if (name === '')
      this.#context.diagnostics.add('FER2016', {
        at: place(),
        problem: `"${given}" cannot name a task: no letter or digit is left of it`,
        fix: 'use letters, digits and -',
      });
    return name;
  }

  #afterOf(reader: OptionReader, place: () => Location): TracedTask[] {
    const value = reader.get('after');
    if (value === undefined) return [];
    const tasks = Array.isArray(value)
      ? value.map((item: unknown) =>
          typeof item === 'object' && item !== null ? this.#taskOf.get(item) : undefined,
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
