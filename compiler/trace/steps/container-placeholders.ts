/** What a container's function sees of inputs and outputs: placeholders in KFP's notation. */
import type { ComponentInterface, Port } from '../../interfaces/component-interface.ts';
import { nearest } from '../nearest.ts';

/** Reports what is wrong with a container's function: what, and the fix. */
export type ContainerFault = (problem: string, fix: string) => void;

/** Stands for a text that is known when the task runs. */
export class PlaceholderObject {
  readonly text: string;
  /** The input that it stands for; undefined where it is a part of one, or an output. */
  readonly input: string | undefined;

  constructor(text: string, input?: string) {
    this.text = text;
    this.input = input;
  }

  toString(): string {
    return this.text;
  }
}

/** Stands for an artifact, whose fields are texts. */
export class ArtifactPlaceholderObject {
  readonly input: string | undefined;
  readonly uri: PlaceholderObject;
  readonly path: PlaceholderObject;
  readonly #path: string;
  readonly #name: string;
  readonly #fault: ContainerFault;

  constructor(side: 'inputs' | 'outputs', name: string, fault: ContainerFault) {
    this.#path = `$.${side}.artifacts['${name}']`;
    this.#name = name;
    this.#fault = fault;
    this.input = side === 'inputs' ? name : undefined;
    this.uri = new PlaceholderObject(`{{${this.#path}.uri}}`);
    this.path = new PlaceholderObject(`{{${this.#path}.path}}`);
  }

  readonly metadata = (key?: string): PlaceholderObject =>
    new PlaceholderObject(`{{${this.#path}.metadata${key === undefined ? '' : `['${key}']`}}}`);

  toString(): string {
    this.#fault(
      `the artifact "${this.#name}" has no text`,
      `write ${this.#name}.path, ${this.#name}.uri or ${this.#name}.metadata('key')`,
    );
    return '';
  }
}

/** Makes the placeholders of a component's inputs. */
export function inputPlaceholders({ inputs }: ComponentInterface, fault: ContainerFault): object {
  return byName(inputs, 'input', fault, ({ name, type }) => {
    if (type.kind !== 'artifact') return new PlaceholderObject(`{{$.inputs.parameters['${name}']}}`, name);
    return type.list
      ? new PlaceholderObject(`{{$.inputs.artifacts['${name}']}}`, name)
      : new ArtifactPlaceholderObject('inputs', name, fault);
  });
}

/** Makes the placeholders of a component's outputs. */
export function outputPlaceholders({ outputs }: ComponentInterface, fault: ContainerFault): object {
  return byName(outputs, 'output', fault, ({ name, type }) =>
    type.kind === 'artifact'
      ? new ArtifactPlaceholderObject('outputs', name, fault)
      : Object.freeze({ path: new PlaceholderObject(`{{$.outputs.parameters['${name}'].output_file}}`) }),
  );
}

function byName(
  ports: readonly Port[],
  what: 'input' | 'output',
  fault: ContainerFault,
  make: (port: Port) => object,
): object {
  const made = new Map(ports.map((port) => [port.name, make(port)]));
  return new Proxy(Object.fromEntries(made), {
    get: (_, name) => {
      if (typeof name !== 'string') return undefined;
      const found = made.get(name);
      if (found === undefined) fault(`it has no ${what} "${name}"`, nearest(name, [...made.keys()]));
      return found ?? new ArtifactPlaceholderObject('inputs', name, () => undefined);
    },
  });
}

/** Tells a placeholder that is tested as if it were its value; undefined for any other value. */
export function placeholderText(value: unknown): string | undefined {
  if (!(value instanceof PlaceholderObject) && !(value instanceof ArtifactPlaceholderObject))
    return undefined;
  return value.input === undefined ? 'an output' : `the input "${value.input}"`;
}
