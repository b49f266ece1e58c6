/** Runs a pipeline's function once and records the tasks it makes. */
import type { Location } from '../../errors/index.ts';
import type { PortType } from '../interfaces/component-interface.ts';
import { OptionReader } from '../options/option-reader.ts';
import { readTaskSettings } from '../options/task-settings.ts';
import { knownArtifact } from '../interfaces/known-artifacts.ts';
import { typeText } from '../interfaces/value-type.ts';
import { RefReader } from '../options/ref-option.ts';
import type { RequiredMark } from '../source-pass/trace-source.ts';
import { ConditionCalls } from './flow/condition-calls.ts';
import { checkCycles } from './cycles.ts';
import { checkEndings } from './flow/endings.ts';
import { ExitCalls } from './flow/exit-calls.ts';
import type { FlowSurroundings } from './flow/flow-group.ts';
import { flowReceiver } from './flow/flow-receiver.ts';
import { gatheringOf } from './flow/gatherings.ts';
import { checkGroupNames } from './flow/group-names.ts';
import { DefinitionWork, type DefinedWork } from './steps/definition-work.ts';
import { readImporter } from './steps/importer-task.ts';
import { nearest } from './nearest.ts';
import { refuseUnlisted, refuseWithoutContainer } from './steps/pipeline-task.ts';
import { OpenGroups } from './flow/open-groups.ts';
import { handleOf, refOf, type RefSource } from './ref.ts';
import { scopeFault } from './flow/scope.ts';
import { bindInputs } from './task-inputs.ts';
import { refsOfTask } from './task-refs.ts';
import { TaskNames } from './task-names.ts';
import { Templates } from './template.ts';
import { reportMisuse, type TraceContext } from './trace-context.ts';
import type { CallReceiver, Definition, FlowReceiver } from './trace-sdk.ts';
import { childText, groupPath, type GroupChild, type TracedGroup } from './flow/traced-group.ts';
import type { TracedTask } from './traced-task.ts';
import { siblings, waitsOf } from './flow/waits.ts';
import { claimFault, kfpNames } from './steps/volume-claims.ts';

export class Tracer implements CallReceiver {
  readonly tasks: TracedTask[] = [];
  readonly templates = new Templates();
  readonly flow: FlowReceiver;
  readonly #context: TraceContext;
  readonly #definitions: DefinitionWork;
  readonly #names = new TaskNames();
  readonly #taskOf = new WeakMap<object, TracedTask>();
  readonly #broken = new WeakSet<object>();
  readonly #groups = new OpenGroups();
  readonly #exits: ExitCalls;

  constructor(context: TraceContext) {
    this.#context = context;
    this.#definitions = new DefinitionWork(context);
    const conditions = new ConditionCalls(context);
    const surroundings: FlowSurroundings = {
      context,
      groups: this.#groups,
      conditions,
      ref: (source, type) => this.ref(source, type),
      taskOf: (value) => (isObject(value) ? this.#taskOf.get(value) : undefined),
      isBroken: (value) =>
        refOf(value)?.source.kind === 'broken' || (isObject(value) && this.#broken.has(value)),
    };
    this.#exits = new ExitCalls(surroundings);
    this.flow = flowReceiver(surroundings, this.#exits);
  }

  /** All that was made, as a tree. */
  get body(): TracedGroup {
    return this.#groups.root;
  }

  task(definition: Definition, inputs: unknown, options: unknown): unknown {
    const place = this.#context.callPlace();
    const { diagnostics } = this.#context;
    const defined = this.#definitions.of(definition, place);
    if (defined === undefined) return this.#brokenTask();
    const bindings = bindInputs(defined.component, inputs, place, this.templates, diagnostics);
    const fault = definition.kind === 'claim' ? claimFault(definition.name, bindings) : undefined;
    if (fault !== undefined)
      diagnostics.add('FER2041', {
        at: place(),
        problem: `the volume claim ${fault}`,
        fix: 'pass either pvcName, or pvcNameSuffix, which the name of the run comes before',
      });
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
    if (type === undefined) return this.#brokenTask();
    if (type.kind !== 'artifact' || type.list) {
      diagnostics.add('FER2035', {
        at: place(),
        problem: `an importer makes one artifact, not a ${typeText(type)}`,
        fix: "write importer<Dataset>({ uri: '...' })",
      });
      return this.#brokenTask();
    }
    const read = readImporter(given, type, this.templates, place, diagnostics);
    if (read === undefined) return this.#brokenTask();
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
    refuseUnlisted(work, component.name, settings, place, this.#context.diagnostics);
    const after: GroupChild[] = [];
    const task: TracedTask = {
      kind: 'task',
      name: this.#taskName(settings.name ?? component.name, place),
      component,
      work,
      options: settings,
      inputs,
      after,
      group: this.#groups.current,
      place,
    };
    this.tasks.push(task);
    this.#groups.add(task);
    this.#checkScope(task);
    const handle = { outputs: this.#outputs(task) };
    this.#taskOf.set(handle, task);
    this.#later.push(() => after.push(...this.#afterOf(task, reader)));
    return handle;
  }

  #checkScope(task: TracedTask): void {
    for (const ref of new Set(refsOfTask(task))) {
      const fault = scopeFault(ref, task.group);
      if (fault !== undefined) this.#context.diagnostics.add('FER2027', { at: task.place(), ...fault });
    }
  }

  /** Reads and checks what could not be while the function ran: `after` may name tasks that were made later. */
  finish(): void {
    for (const read of this.#later) read();
    const waits = waitsOf(this.body);
    const { diagnostics } = this.#context;
    checkCycles(waits, diagnostics);
    checkEndings(this.tasks, this.#exits, waits, diagnostics);
    checkGroupNames(this.tasks, this.body, diagnostics);
  }
  readonly #later: (() => void)[] = [];

  /** Makes a Ref and gives its handle. */
  ref(source: RefSource, type: PortType | undefined): object {
    return handleOf({ source, type, owner: this.templates }, (ref, how) => {
      if (ref.source.kind !== 'broken') reportMisuse(this.#context, ref, how, this.#context.callPlace()());
    });
  }

  /** Stands for a task whose fault was reported. */
  #brokenTask(): object {
    const broken = this.ref({ kind: 'broken' }, undefined);
    const outputs = new Proxy({}, { get: (_, name) => (typeof name === 'string' ? broken : undefined) });
    const task = { outputs };
    this.#broken.add(task);
    return task;
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

  #afterOf(task: TracedTask, reader: OptionReader): GroupChild[] {
    const { place } = task;
    const value = reader.get('after');
    if (value === undefined) return [];
    const waited = Array.isArray(value) ? value.map((item: unknown) => this.#waitedFor(item)) : [undefined];
    if (waited.includes(undefined)) {
      this.#context.diagnostics.add('FER2017', {
        at: place(),
        problem: 'the option "after" must be a list of tasks, loops and branches of this pipeline',
        fix: 'write after: [first]',
      });
    }
    const known = waited.filter((other) => other !== undefined);
    for (const other of known) {
      const { up } = siblings(task, other);
      if (up.kind !== 'condition') continue;
      this.#context.diagnostics.add('FER2027', {
        at: place(),
        problem: `"${task.name}" waits for ${childText(other)}, ${other.kind === 'task' ? 'which is in a branch that' : 'which'} may not run`,
        fix: 'put it into the branch too, or wait for a task outside',
      });
    }
    return known;
  }

  /** The task, loop or branches behind a handle, where they are of this pipeline. */
  #waitedFor(item: unknown): GroupChild | undefined {
    const task = isObject(item) ? this.#taskOf.get(item) : undefined;
    const group = gatheringOf(item)?.group;
    return task ?? (group !== undefined && groupPath(group)[0] === this.body ? group : undefined);
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
