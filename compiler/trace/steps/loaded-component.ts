/** Components and pipelines that were compiled before: their files, and whether they are what the source declares. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { UserErrors, messageOf, type Location } from '../../../errors/index.ts';
import { kebabCase, type ComponentSpec, type ExecutorSpec, type PipelineSpec } from '../../../spec/index.ts';
import type { CompiledPipeline } from '../../../spec/platform-spec.ts';
import type { Diagnostics } from '../../diagnostics.ts';
import { projectPath } from '../../project.ts';

/** A file's content, and what of it is used. */
export interface LoadedComponent {
  /** As seen from the project. */
  readonly file: string;
  /** Absolute. */
  readonly path: string;
  readonly document: CompiledPipeline;
  /** Where the file holds one component, wrapped as KFP's compiler does it. */
  readonly single?: SingleComponent;
}

interface SingleComponent {
  readonly component: ComponentSpec;
  readonly label: string;
  readonly executor: ExecutorSpec;
}

/** Reads the files of loaded components, each once. */
export class ComponentFiles {
  readonly #root: string;
  readonly #diagnostics: Diagnostics;
  readonly #known = new Map<string, LoadedComponent | undefined>();
  #readDocument: ((text: string, file: string) => CompiledPipeline) | undefined;

  constructor(root: string, diagnostics: Diagnostics) {
    this.#root = root;
    this.#diagnostics = diagnostics;
  }

  /** Loads what reads documents, which takes a while: only where a module has such components. Call it before `read`. */
  async prepare(): Promise<void> {
    this.#readDocument ??= (await import('../../../spec/pipeline-document.ts')).readPipelineDocument;
  }

  /** Absolute paths of all files that were asked for. */
  get paths(): readonly string[] {
    return [...this.#known.keys()];
  }

  /** Reads a file; undefined where it cannot be used, which was reported. */
  read(file: unknown, from: unknown, at: () => Location): LoadedComponent | undefined {
    if (typeof file !== 'string' || typeof from !== 'string') {
      this.#fault(
        at,
        'loadComponent needs a file and import.meta.url',
        "write loadComponent<Inputs, Outputs>('./greet.yaml', import.meta.url)",
      );
      return undefined;
    }
    let path: string;
    try {
      path = fileURLToPath(new URL(file, from));
    } catch (error) {
      this.#fault(
        at,
        `"${file}" names no file: ${messageOf(error)}`,
        'give a path relative to the source file',
      );
      return undefined;
    }
    if (!this.#known.has(path)) this.#known.set(path, this.#read(path, at));
    return this.#known.get(path);
  }

  #read(path: string, at: () => Location): LoadedComponent | undefined {
    const file = projectPath(this.#root, path);
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      this.#fault(
        at,
        `${file} ${isAbsent(error) ? 'does not exist' : `cannot be read: ${messageOf(error)}`}`,
        'check the path, or write the file again: ferrule import',
      );
      return undefined;
    }
    try {
      if (this.#readDocument === undefined) throw new Error('documents are read before prepare()');
      const document = this.#readDocument(text, file);
      const single = singleComponentOf(document.spec);
      return { file, path, document, ...(single && { single }) };
    } catch (error) {
      if (!(error instanceof UserErrors)) throw error;
      for (const fault of error.errors) this.#diagnostics.take(fault);
      return undefined;
    }
  }

  #fault(at: () => Location, problem: string, fix: string): void {
    this.#diagnostics.add('FER2038', { at: at(), problem, fix });
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** The component whose inputs and outputs a file declares. */
export function declaredComponent({ document, single }: LoadedComponent): ComponentSpec {
  return single?.component ?? document.spec.root;
}

/**
 * Finds the component of a file that holds only one. KFP goes by its name alone; a pipeline that is called like one of
 * its components is a pipeline here.
 */
function singleComponentOf(spec: PipelineSpec): SingleComponent | undefined {
  const name = kebabCase(spec.pipelineInfo.name);
  const component = spec.components?.[`comp-${name}`];
  const label = component?.executorLabel;
  const executor = label === undefined ? undefined : spec.deploymentSpec.executors?.[label];
  const tasks = Object.values(spec.root.dag?.tasks ?? {});
  const [task] = tasks;
  if (component === undefined || label === undefined || executor === undefined) return undefined;
  if (task === undefined || tasks.length > 1 || task.componentRef.name !== `comp-${name}`) return undefined;
  const { inputs } = task;
  const handsOn =
    Object.keys(task).every((field) => plainFields.has(field)) &&
    Object.entries(inputs?.parameters ?? {}).every(([key, input]) => input.componentInputParameter === key) &&
    Object.entries(inputs?.artifacts ?? {}).every(([key, input]) => input.componentInputArtifact === key) &&
    sameKeys(component.inputDefinitions?.parameters, spec.root.inputDefinitions?.parameters) &&
    sameKeys(component.inputDefinitions?.artifacts, spec.root.inputDefinitions?.artifacts) &&
    sameKeys(component.outputDefinitions?.parameters, spec.root.outputDefinitions?.parameters) &&
    sameKeys(component.outputDefinitions?.artifacts, spec.root.outputDefinitions?.artifacts);
  return handsOn ? { component, label, executor } : undefined;
}

/** What KFP writes for the only task of a component. */
const plainFields: ReadonlySet<string> = new Set(['taskInfo', 'componentRef', 'inputs', 'cachingOptions']);

function sameKeys(a: object = {}, b: object = {}): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key));
}
