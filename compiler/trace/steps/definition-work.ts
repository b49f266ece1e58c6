/** Finds what a call in a pipeline's function runs: the interface and settings behind a definition. */
import type { Location } from '../../../errors/index.ts';
import { kebabCase } from '../../../spec/index.ts';
import type { ComponentInterface } from '../../interfaces/component-interface.ts';
import { readComponentSettings, type ComponentSettings } from '../../options/component-settings.ts';
import { OptionReader } from '../../options/option-reader.ts';
import { readContainer, type ContainerSettings } from './container-template.ts';
import { declaredComponent } from './loaded-component.ts';
import { interfaceFaults } from './loaded-interface.ts';
import { interfaceOfPipeline } from './pipeline-task.ts';
import { claims } from './volume-claims.ts';
import type { ComponentDefinition, ContainerDefinition, Definition, LoadedDefinition } from '../trace-sdk.ts';
import type { Work } from '../traced-task.ts';
import type { TraceContext } from '../trace-context.ts';

/** What a definition stands for. */
export interface DefinedWork {
  readonly component: ComponentInterface;
  readonly work: Work;
}

/** Reads the definitions of one pipeline, each once. */
export class DefinitionWork {
  readonly #context: TraceContext;
  readonly #settings = new Map<ComponentDefinition, ComponentSettings>();
  readonly #containers = new Map<ContainerDefinition, ContainerSettings | undefined>();
  readonly #components = new Map<string, ComponentInterface>();

  constructor(context: TraceContext) {
    this.#context = context;
  }

  /** Undefined where the definition has a fault, which was reported. */
  of(definition: Definition, place: () => Location): DefinedWork | undefined {
    switch (definition.kind) {
      case 'component': {
        const component = this.#context.interfaceOf(definition.mark.file, definition.mark.name);
        if (component === undefined) return undefined;
        this.#checkName(component, definition);
        return { component, work: { kind: 'component', settings: this.#settingsOf(component, definition) } };
      }
      case 'container': {
        const component = this.#context.interfaceOf(definition.mark.file, definition.mark.name);
        const settings = component && this.#containerOf(component, definition);
        return component && settings && { component, work: { kind: 'container', settings } };
      }
      case 'loaded':
        return this.#loadedOf(definition);
      case 'claim': {
        const { component, settings } = claims[definition.name];
        return { component, work: { kind: 'container', settings } };
      }
      case 'pipeline': {
        const pipeline = this.#context.nested(definition, place);
        return pipeline && { component: interfaceOfPipeline(pipeline), work: { kind: 'pipeline', pipeline } };
      }
    }
  }

  #containerOf(
    component: ComponentInterface,
    definition: ContainerDefinition,
  ): ContainerSettings | undefined {
    if (!this.#containers.has(definition)) {
      const { file, start } = definition.mark;
      const at = (): Location => this.#context.placeAt(file, start);
      this.#containers.set(
        definition,
        readContainer(component, definition.define, at, this.#context.diagnostics),
      );
    }
    return this.#containers.get(definition);
  }

  /** A loaded component goes by the name that its file gives it. */
  #loadedOf({ file, from, mark }: LoadedDefinition): DefinedWork | undefined {
    const at = (): Location => this.#context.placeAt(mark.file, mark.start);
    const declared = this.#context.interfaceOf(mark.file, mark.name);
    const loaded = this.#context.componentFiles.read(file, from, at);
    if (declared === undefined || loaded === undefined) return undefined;
    const faults = interfaceFaults(declared, declaredComponent(loaded));
    if (faults.length > 0) {
      this.#context.diagnostics.add('FER2039', {
        at: at(),
        problem: `the types of "${mark.name}" are not those of its file: ${loaded.file} ${faults.join('; it ')}`,
        fix: `write them again: ferrule import ${loaded.file}`,
      });
      return undefined;
    }
    const component = { ...declared, name: loaded.document.spec.pipelineInfo.name };
    return { component, work: { kind: 'loaded', loaded } };
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
}
