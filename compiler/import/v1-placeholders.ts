/** The placeholders of KFP 1's components, written as KFP 2 has them. Source: kfp/dsl/placeholders.py. */
import type { JsonValue } from '../../spec/index.ts';
import { pythonJson } from '../lower/python-json.ts';
import type { V1Type } from './v1-types.ts';

type At = readonly (string | number)[];

/** What placeholders may name: inputs and outputs by their names in the file, with their names in KFP 2. */
export interface V1Ports {
  readonly inputs: ReadonlyMap<string, V1Port>;
  readonly outputs: ReadonlyMap<string, V1Port>;
  readonly fault: (at: At, problem: string, fix?: string) => void;
  readonly warn: (problem: string) => void;
}

interface V1Port {
  readonly name: string;
  readonly type: V1Type;
}

/** Writes an item of a command as KFP 2 has it. Faults leave an empty text. */
export function commandItem(item: JsonValue, at: At, ports: V1Ports): string {
  const converted = new Converter(ports).convert(item, at, false);
  return typeof converted === 'string' ? converted : pythonJson(converted);
}

class Converter {
  readonly #ports: V1Ports;

  constructor(ports: V1Ports) {
    this.#ports = ports;
  }

  /** @param joined whether the item is a part of a concat, where an item cannot become several */
  convert(item: JsonValue, at: At, joined: boolean): JsonValue {
    if (typeof item === 'string') return item;
    const [entry, ...others] =
      typeof item === 'object' && item !== null && !Array.isArray(item) ? Object.entries(item) : [];
    if (entry === undefined || others.length > 0)
      return this.#fault(
        at,
        'an item of a command is neither a text nor one placeholder',
        'put it in quotes',
      );
    const [kind, value] = entry;
    const place = [...at, kind];
    switch (kind) {
      case 'inputValue':
        return this.#input(value, place, 'parameter', (name) => `{{$.inputs.parameters['${name}']}}`);
      case 'inputPath':
        return this.#input(value, place, 'artifact', (name) => `{{$.inputs.artifacts['${name}'].path}}`);
      case 'inputUri':
        return this.#input(value, place, 'artifact', (name) => `{{$.inputs.artifacts['${name}'].uri}}`);
      case 'outputPath':
        return this.#outputPath(value, place);
      case 'outputUri': {
        const port = this.#port(this.#ports.outputs, 'output', value, place);
        return port === undefined ? '' : `{{$.outputs.artifacts['${port.name}'].uri}}`;
      }
      case 'executorInput':
        return '{{$}}';
      case 'concat':
        return this.#concat(value, place);
      case 'if':
        return this.#if(value, place, joined);
      default:
        return this.#fault(place, `the placeholder "${kind}" has no form in KFP 2`);
    }
  }

  #input(value: JsonValue, at: At, wanted: V1Type['kind'], write: (name: string) => string): string {
    const port = this.#port(this.#ports.inputs, 'input', value, at);
    if (port === undefined) return '';
    if (port.type.kind !== wanted)
      this.#ports.warn(
        wanted === 'parameter'
          ? `"${port.name}" is used as a value and is an artifact: give it a type such as String in the file`
          : `"${port.name}" is used as a file and is a parameter: give it no type, or one of artifacts, in the file`,
      );
    return write(port.name);
  }

  #outputPath(value: JsonValue, at: At): string {
    const port = this.#port(this.#ports.outputs, 'output', value, at);
    if (port === undefined) return '';
    return port.type.kind === 'parameter'
      ? `{{$.outputs.parameters['${port.name}'].output_file}}`
      : `{{$.outputs.artifacts['${port.name}'].path}}`;
  }

  #concat(value: JsonValue, at: At): JsonValue {
    if (!isList(value)) return this.#fault(at, 'a concat is a list of texts and placeholders');
    return { Concat: value.map((part, index) => this.convert(part, [...at, index], true)) };
  }

  #if(value: JsonValue, at: At, joined: boolean): JsonValue {
    const { cond, then, else: otherwise, ...others } = isMap(value) ? value : {};
    const name = isMap(cond) && Object.keys(cond).length === 1 ? cond['isPresent'] : undefined;
    if (name === undefined || then === undefined || Object.keys(others).length > 0)
      return this.#fault(
        at,
        'an if has cond: {isPresent: NAME}, then, and perhaps else; KFP 2 has no other conditions',
      );
    const port = this.#port(this.#ports.inputs, 'input', name, [...at, 'cond', 'isPresent']);
    const branch = (part: JsonValue, key: string): JsonValue => {
      const place = [...at, key];
      if (!isList(part)) return this.convert(part, place, joined);
      if (joined)
        return this.#fault(place, 'inside a concat the branches of an if are one text each, no list');
      return part.map((one, index) => this.convert(one, [...place, index], false));
    };
    const hasElse = otherwise !== undefined && otherwise !== null && otherwise !== '' && !isEmpty(otherwise);
    return {
      IfPresent: {
        InputName: port?.name ?? '',
        Then: branch(then, 'then'),
        ...(hasElse && { Else: branch(otherwise, 'else') }),
      },
    };
  }

  #port(
    ports: ReadonlyMap<string, V1Port>,
    what: 'input' | 'output',
    name: JsonValue,
    at: At,
  ): V1Port | undefined {
    const port = typeof name === 'string' ? ports.get(name) : undefined;
    if (port === undefined)
      this.#fault(
        at,
        `the component has no ${what} ${JSON.stringify(name)}: it has ${[...ports.keys()].join(', ') || 'none'}`,
      );
    return port;
  }

  #fault(at: At, problem: string, fix?: string): string {
    this.#ports.fault(at, problem, fix);
    return '';
  }
}

// Array.isArray does not narrow a readonly array away.
function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}

function isEmpty(value: JsonValue): boolean {
  return isList(value) && value.length === 0;
}

function isMap(value: JsonValue | undefined): value is Readonly<Record<string, JsonValue>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
