/** Checks an importer, and makes an interface of it: what its location and metadata take from the run are inputs. */
import type { Location } from '../../../errors/index.ts';
import type { JsonValue } from '../../../spec/index.ts';
import type { Diagnostics } from '../../diagnostics.ts';
import type { ArtifactType, ComponentInterface, Port } from '../../interfaces/component-interface.ts';
import { typeText } from '../../interfaces/value-type.ts';
import { isPlainObject, OptionReader } from '../../options/option-reader.ts';
import { refOf, refText, type RefObject } from '../ref.ts';
import type { Templates } from '../template.ts';
import { IntValue } from '../trace-sdk.ts';
import type { Binding } from '../traced-task.ts';

/** What an importer does, as the spec says it: metadata with placeholders of its inputs. */
export interface ImporterSettings {
  readonly uri: string | { readonly input: 'uri' };
  readonly type: ArtifactType;
  readonly metadata: Readonly<Record<string, JsonValue>>;
  readonly reimport: boolean;
  readonly downloadToWorkspace: boolean;
}

interface ImporterTask {
  readonly component: ComponentInterface;
  readonly settings: ImporterSettings;
  readonly inputs: ReadonlyMap<string, Binding>;
}

/** Reads an importer's options; what is wrong is reported. Undefined where it has no location. */
export function readImporter(
  options: unknown,
  type: ArtifactType,
  templates: Templates,
  at: () => Location,
  diagnostics: Diagnostics,
): ImporterTask | undefined {
  const fault = (problem: string, fix: string): void =>
    diagnostics.add('FER2035', { at: at(), problem: `the importer ${problem}`, fix });
  const reader = new OptionReader(options, at, diagnostics);
  reader.refuseOthers(['uri', 'metadata', 'reimport', 'downloadToWorkspace']);
  const uri = readUri(reader.get('uri'), templates, fault);
  const metadata = new MetadataReader(templates, fault);
  const given = reader.get('metadata');
  if (given !== undefined && !isPlainObject(given))
    fault('has metadata that is no object', "write metadata: { source: 'camera 3' }");
  const written = isPlainObject(given) ? metadata.object(given) : {};
  if (uri === undefined) return undefined;
  const uriPort: Port = { name: 'uri', type: { kind: 'string' }, optional: false };
  return {
    component: {
      name: 'importer',
      file: '',
      inputs: [uriPort, ...metadata.ports],
      outputs: [{ name: 'artifact', type, optional: false }],
    },
    settings: {
      uri: uri.kind === 'constant' && typeof uri.value === 'string' ? uri.value : { input: 'uri' },
      type,
      metadata: written,
      reimport: reader.flag('reimport') ?? false,
      downloadToWorkspace: reader.flag('downloadToWorkspace') ?? false,
    },
    inputs: new Map([['uri', uri], ...metadata.bindings]),
  };
}

type Fault = (problem: string, fix: string) => void;

function readUri(value: unknown, templates: Templates, fault: Fault): Binding | undefined {
  const parts = typeof value === 'string' ? templates.parts(value) : undefined;
  const ref = refOf(value) ?? (parts?.length === 1 && typeof parts[0] === 'object' ? parts[0] : undefined);
  if (ref !== undefined) {
    if (ref.source.kind === 'broken' || ref.type === undefined) return undefined;
    if (ref.owner === templates && (ref.type.kind === 'string' || ref.type.kind === 'choice'))
      return { kind: 'ref', ref };
    fault(
      `takes a location, and is given ${refText(ref)}${ref.owner === templates ? `, of the type ${typeText(ref.type)}` : ', of another pipeline'}`,
      'pass a text: a parameter or output parameter of this pipeline',
    );
    return undefined;
  }
  if (typeof value !== 'string' || value === '') {
    fault('needs a location', "write uri: 'gs://bucket/data', or pass a parameter");
    return undefined;
  }
  if (parts === undefined || parts.length > 1 || value.includes('{{$')) {
    fault(
      'has a location that is put together when the pipeline runs, which KFP takes as it is written',
      'make the whole location a parameter, or let a component put it together and pass its output',
    );
    return undefined;
  }
  return { kind: 'constant', value };
}

/** Writes metadata; each Ref in it becomes one input, `metadata`, `metadata-2`, ..., however often it is used. */
class MetadataReader {
  readonly ports: Port[] = [];
  readonly bindings: (readonly [string, Binding])[] = [];
  readonly #names = new Map<RefObject, string>();
  readonly #templates: Templates;
  readonly #fault: Fault;

  constructor(templates: Templates, fault: Fault) {
    this.#templates = templates;
    this.#fault = fault;
  }

  object(value: Readonly<Record<string, unknown>>): Record<string, JsonValue> {
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, field]) =>
        field === undefined ? [] : [[this.#text(key), this.#value(field)] as const],
      ),
    );
  }

  #value(given: unknown): JsonValue {
    const ref = refOf(given);
    if (ref !== undefined) return this.#placeholder(ref);
    const value = given instanceof IntValue ? given.valueOf() : given;
    if (typeof value === 'string') return this.#text(value);
    if (value === null || typeof value === 'boolean') return value;
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    if (Array.isArray(value)) return value.map((item: unknown) => this.#value(item));
    if (isPlainObject(value)) return this.object(value);
    this.#fault(
      'has metadata that is no JSON',
      'write texts, numbers, booleans, lists, objects and Refs to parameters',
    );
    return null;
  }

  #text(value: string): string {
    const parts = this.#templates.parts(value);
    if (parts === undefined) {
      this.#fault(
        'has metadata with a Ref inside that was cut or altered, or is of another pipeline',
        'pass the whole template',
      );
      return '';
    }
    return parts.map((part) => (typeof part === 'string' ? part : this.#placeholder(part))).join('');
  }

  #placeholder(ref: RefObject): string {
    if (ref.source.kind === 'broken' || ref.type === undefined) return '';
    if (ref.type.kind === 'artifact' || ref.owner !== this.#templates) {
      this.#fault(
        `has metadata with ${refText(ref)}${ref.type.kind === 'artifact' ? ', an artifact' : ', of another pipeline'}`,
        'metadata holds parameters and output parameters of this pipeline',
      );
      return '';
    }
    let name = this.#names.get(ref);
    if (name === undefined) {
      name = this.ports.length === 0 ? 'metadata' : `metadata-${this.ports.length + 1}`;
      this.#names.set(ref, name);
      this.ports.push({ name, type: ref.type, optional: false });
      this.bindings.push([name, { kind: 'ref', ref }]);
    }
    return `{{$.inputs.parameters['${name}']}}`;
  }
}
