/** Writes pipelines as files: one YAML document for the PipelineSpec and, where a platform has settings, a second one. */
import { Document, isScalar, type ScalarTag } from 'yaml';
import { stringifyString } from 'yaml/util';
import { documentHeader } from './document-header.ts';
import { compareText } from './json.ts';
import type { CompiledPipeline } from './platform-spec.ts';

/** How a compiled pipeline is written. */
export interface YamlForm {
  /** Whether the comment that says name, inputs and outputs goes on top. @default no */
  readonly header?: boolean;
  /** What the comment says it is for. @default the pipeline's description */
  readonly description?: string;
}

/**
 * Writes a compiled pipeline as YAML that readers of YAML 1.1 (PyYAML, Go) and 1.2 take for the same values: keys
 * sorted, a text plain only where no reader could see anything else in it. The same pipeline gives the same bytes.
 */
export function writePipelineYaml(compiled: CompiledPipeline, form: YamlForm = {}): string {
  const header = form.header === true ? documentHeader(compiled.spec, form.description) : '';
  const documents = [compiled.spec, ...(compiled.platform === undefined ? [] : [compiled.platform])];
  return header + documents.map((document) => writeDocument(document)).join('---\n');
}

/** How a pipeline is written as Kubernetes manifests. */
export interface ManifestForm {
  readonly namespace?: string;
  /** Whether the Pipeline itself is written before its version. @default no */
  readonly includePipeline?: boolean;
}

/** Writes a compiled pipeline as the manifest of a PipelineVersion, as KFP's compiler does: all names are the pipeline's own. */
export function writePipelineManifest({ spec, platform }: CompiledPipeline, form: ManifestForm): string {
  const { name, description } = spec.pipelineInfo;
  const metadata = { name, ...(form.namespace !== undefined && { namespace: form.namespace }) };
  const manifest = (kind: string, content: object): object => ({
    apiVersion: 'pipelines.kubeflow.org/v2beta1',
    kind,
    metadata,
    spec: { displayName: name, ...content, ...(description !== undefined && { description }) },
  });
  const version = { pipelineName: name, pipelineSpec: spec, ...(platform && { platformSpec: platform }) };
  return [
    ...(form.includePipeline === true ? [manifest('Pipeline', {})] : []),
    manifest('PipelineVersion', version),
  ]
    .map((document) => writeDocument(document))
    .join('---\n');
}

function writeDocument(value: object): string {
  const document = new Document(value, {
    schema: 'kfp',
    customTags: ['map', 'seq', 'null', 'bool', text, number],
    // A plain text is quoted where YAML 1.1 has another type for it, too.
    compat: 'yaml-1.1',
    aliasDuplicateObjects: false,
    sortMapEntries: (a, b) => compareText(textOf(a.key), textOf(b.key)),
  });
  return document.toString({ directives: false, indentSeq: false, lineWidth: 0, doubleQuotedAsJSON: true });
}

function textOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

/** Letters, digits and `-_./` after a letter: what is neither a number, a date nor a sign of the language. */
const plain = /^[A-Za-z][A-Za-z0-9_./-]*$/;
/** What a YAML stream must not hold as it is, and JSON may. */
const unprintable = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;

const text: ScalarTag = {
  tag: 'tag:yaml.org,2002:str',
  default: true,
  identify: (value) => typeof value === 'string',
  resolve: (value) => value,
  stringify(item, context, onComment, onChompKeep) {
    const value = String(item.value);
    const type = plain.test(value) ? 'PLAIN' : 'QUOTE_DOUBLE';
    return stringifyString(
      { value, type },
      { actualString: true, ...context },
      onComment,
      onChompKeep,
    ).replace(unprintable, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};

/** Numbers are doubles; an exponent needs its `.0` and its sign for YAML 1.1. */
const number: ScalarTag = {
  tag: 'tag:yaml.org,2002:float',
  default: true,
  identify: (value) => typeof value === 'number',
  resolve: Number,
  stringify: ({ value }) => (Object.is(value, -0) ? '-0.0' : String(value).replace(/^(-?\d+)e/, '$1.0e')),
};
