/** Makes a typed component of a document of KFP's: a component of KFP 1, or a compiled component or pipeline of KFP 2. */
import { readPipelineDocument } from '../../spec/pipeline-document.ts';
import { readDocuments } from '../../spec/read-documents.ts';
import { writePipelineYaml } from '../../spec/yaml.ts';
import { ownPackage } from '../own-package.ts';
import { componentSource } from './component-source.ts';
import { fileName } from './typescript-names.ts';
import { convertComponentV1, isComponentV1, type ConvertedComponent } from './v1-component.ts';

export { isUntouched } from './component-source.ts';

export interface ImportRequest {
  readonly text: string;
  /** The document's name, for error texts; `.json` is read as JSON. */
  readonly file: string;
  /** Where it comes from, as the generated file says it: no path of this machine. */
  readonly origin: string;
  /** Base name of the files, and the component's name in TypeScript. @default the component's own name */
  readonly name?: string;
  /** Whether the document stays as it is written, because it is beside the generated file already. @default false */
  readonly inPlace?: boolean;
}

export interface ImportedFiles {
  /** Base name of both. */
  readonly name: string;
  /** The TypeScript file. */
  readonly source: string;
  /** The document beside it, in KFP 2's form. */
  readonly yaml: string;
  /** Whether the document was one of KFP 1. */
  readonly converted: boolean;
  readonly warnings: readonly string[];
}

/**
 * Imports a component.
 * @throws UserErrors with all that is wrong with the document
 */
export function importComponent(request: ImportRequest): ImportedFiles {
  const { text, file, origin } = request;
  const documents = readDocuments(text, file);
  const [first] = documents;
  const converted = first !== undefined && isComponentV1(first.value);
  const { compiled, description, descriptions, warnings } = converted
    ? convertComponentV1(first, file, `ferrule-${ownPackage().version}`)
    : compiledComponent(text, file);
  const name = request.name ?? fileName(compiled.spec.pipelineInfo.name);
  const yaml =
    request.inPlace === true && !converted
      ? text
      : writePipelineYaml(compiled, { header: true, ...(description !== undefined && { description }) });
  const source = componentSource({
    name,
    component: compiled.spec.root,
    ...(description !== undefined && { description }),
    descriptions,
    origin,
    document: `${name}.yaml`,
    yaml,
  });
  return { name, source, yaml, converted, warnings };
}

function compiledComponent(text: string, file: string): ConvertedComponent {
  const compiled = readPipelineDocument(text, file);
  const description = compiled.spec.pipelineInfo.description ?? headerDescription(text);
  return {
    compiled,
    ...(description !== undefined && { description }),
    descriptions: new Map(),
    warnings: [],
  };
}

/** The description in the comment that KFP writes on top: for a component it is nowhere else. */
function headerDescription(text: string): string | undefined {
  const [, first, more = ''] =
    /^# PIPELINE DEFINITION\n# Name: .*\n# Description: (.*)\n((?:#             .*\n)*)/.exec(
      text.replaceAll('\r\n', '\n'),
    ) ?? [];
  if (first === undefined) return undefined;
  return [first, ...more.split('\n').map((line) => line.replace(/^#\s*/, ''))].join('\n').trim();
}
