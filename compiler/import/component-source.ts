/** The TypeScript file of an imported component: its interface as types, and the call that loads it. */
import { compareText, digestOf, hexOf } from '../../spec/index.ts';
import type { ArtifactTypeSchema, ComponentSpec, JsonValue, ParameterType } from '../../spec/index.ts';
import { constName, propertyName, quoted, typeName } from './typescript-names.ts';

export interface ImportedComponent {
  /** The pipeline's or component's own name. */
  readonly name: string;
  readonly component: ComponentSpec;
  readonly description?: string;
  /** Descriptions that the component itself does not have, by the names of inputs and outputs. */
  readonly descriptions: ReadonlyMap<string, string>;
  /** What it was imported from, for people: a file's name or a URL. */
  readonly origin: string;
  /** The name of the document beside the file: `greet.yaml`. */
  readonly document: string;
  /** The content of the document. */
  readonly yaml: string;
}

interface TypedPort {
  readonly name: string;
  readonly type: string;
  readonly optional: boolean;
  readonly description?: string;
  readonly defaultValue?: JsonValue;
}

/** Writes the file. The same component gives the same bytes. */
export function componentSource(imported: ImportedComponent): string {
  const name = constName(imported.name);
  const names = new Set(['loadComponent']);
  const inputs = inputPorts(imported, names);
  const outputs = outputPorts(imported, names);
  const [inputType, outputType] = [`${typeName(name)}Inputs`, `${typeName(name)}Outputs`];
  const types =
    outputs.length > 0 ? `<${inputType}, ${outputType}>` : inputs.length > 0 ? `<${inputType}>` : '';
  const [main, ...others] = [...names].sort(
    (a, b) => Number(b === 'loadComponent') - Number(a === 'loadComponent') || compareText(a, b),
  );
  const imports = [main, ...others.map((other) => `type ${other}`)];
  const body = [
    `import { ${imports.join(', ')} } from 'ferrule';`,
    ...(types === '' ? [] : [interfaceText(inputType, inputs)]),
    ...(outputs.length > 0 ? [interfaceText(outputType, outputs)] : []),
    `${comment([imported.description ?? `Runs ${imported.name}.`], '')}export const ${name} = loadComponent${types}(${quoted(`./${imported.document}`)}, import.meta.url);`,
  ].join('\n\n');
  return `${stampLines(imported, `${body}\n`)}\n${body}\n`;
}

const stamp = /^\/\/ Content ([0-9a-f]{16}), document ([0-9a-f]{16})\.$/m;

function stampLines({ origin, yaml }: ImportedComponent, body: string): string {
  return [
    `// Made by \`ferrule import\` from ${origin.replaceAll(/\s+/g, ' ')}. What is edited by hand is kept: it imports anew only with --force.`,
    `// Content ${shortDigest(body)}, document ${shortDigest(yaml)}.`,
  ].join('\n');
}

/** Tells whether a file is as `ferrule import` wrote it, together with its document. */
export function isUntouched(source: string, yaml: string | undefined): boolean {
  const [, content, document] = stamp.exec(source) ?? [];
  const body = source.split('\n').slice(2).join('\n');
  return content === shortDigest(body) && (yaml === undefined || document === shortDigest(yaml));
}

/** What formatters and version control turn does not count: white space, quotes, commas and semicolons. */
function shortDigest(text: string): string {
  return hexOf(digestOf(text.replaceAll(/[\s'"`,;]/g, ''))).slice(0, 16);
}

function inputPorts({ component, descriptions }: ImportedComponent, names: Set<string>): TypedPort[] {
  const { parameters = {}, artifacts = {} } = component.inputDefinitions ?? {};
  return sorted([
    ...Object.entries(parameters).map(([name, input]): TypedPort => ({
      name,
      type: parameterText(input.parameterType, names),
      optional: input.isOptional === true || input.defaultValue !== undefined,
      ...described(input.description ?? descriptions.get(name)),
      ...(input.defaultValue !== undefined && { defaultValue: input.defaultValue }),
    })),
    ...Object.entries(artifacts).map(([name, input]): TypedPort => ({
      name,
      type: artifactText(input.artifactType, input.isArtifactList, names),
      optional: input.isOptional === true,
      ...described(input.description ?? descriptions.get(name)),
    })),
  ]);
}

function outputPorts({ component, descriptions }: ImportedComponent, names: Set<string>): TypedPort[] {
  const { parameters = {}, artifacts = {} } = component.outputDefinitions ?? {};
  return sorted([
    ...Object.entries(parameters).map(([name, output]): TypedPort => ({
      name,
      type: parameterText(output.parameterType, names),
      optional: false,
      ...described(output.description ?? descriptions.get(name)),
    })),
    ...Object.entries(artifacts).map(([name, output]): TypedPort => ({
      name,
      type: artifactText(output.artifactType, output.isArtifactList, names),
      optional: false,
      ...described(output.description ?? descriptions.get(name)),
    })),
  ]);
}

/** What must be given comes first. */
function sorted(ports: readonly TypedPort[]): TypedPort[] {
  return [...ports].sort((a, b) => Number(a.optional) - Number(b.optional) || compareText(a.name, b.name));
}

function described(description: string | undefined): Pick<TypedPort, 'description'> {
  return description === undefined || description.trim() === '' ? {} : { description };
}

function parameterText(type: ParameterType, names: Set<string>): string {
  const imported = (name: string): string => {
    names.add(name);
    return name;
  };
  switch (type) {
    case 'STRING':
      return 'string';
    case 'BOOLEAN':
      return 'boolean';
    case 'NUMBER_DOUBLE':
      return 'number';
    case 'NUMBER_INTEGER':
      return imported('Int');
    case 'LIST':
      return `readonly ${imported('JsonValue')}[]`;
    case 'STRUCT':
      return `Readonly<Record<string, ${imported('JsonValue')}>>`;
    case 'TASK_FINAL_STATUS':
      return imported('FinalStatus');
    case 'TASK_CONFIG':
      return imported('TaskConfig');
  }
}

const artifactNames: Readonly<Record<string, string>> = {
  'system.Artifact': 'Artifact',
  'system.Dataset': 'Dataset',
  'system.Model': 'Model',
  'system.Metrics': 'Metrics',
  'system.ClassificationMetrics': 'ClassificationMetrics',
  'system.SlicedClassificationMetrics': 'SlicedClassificationMetrics',
  'system.HTML': 'Html',
  'system.Markdown': 'Markdown',
};

function artifactText(
  { schemaTitle = 'system.Artifact', schemaVersion = '0.0.1' }: ArtifactTypeSchema,
  isList: boolean | undefined,
  names: Set<string>,
): string {
  const known = Object.hasOwn(artifactNames, schemaTitle) ? artifactNames[schemaTitle] : undefined;
  names.add(known ?? 'Artifact');
  const type = known ?? `Artifact<${quoted(schemaTitle)}, ${quoted(schemaVersion)}>`;
  return isList === true ? `readonly ${type}[]` : type;
}

function interfaceText(name: string, ports: readonly TypedPort[]): string {
  if (ports.length === 0)
    return `// oxlint-disable-next-line typescript/no-empty-object-type -- it takes nothing\nexport interface ${name} {}`;
  const lines = ports.map(({ name: port, type, optional, description, defaultValue }) => {
    const parts = [
      ...(description === undefined ? [] : [description]),
      ...(defaultValue === undefined ? [] : [`@default ${shownDefault(defaultValue)}`]),
    ];
    return `${comment(parts, '  ')}  readonly ${propertyName(port)}${optional ? '?' : ''}: ${type};`;
  });
  return `export interface ${name} {\n${lines.join('\n')}\n}`;
}

function shownDefault(value: JsonValue): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 97)}...` : text;
}

/** A JSDoc comment with a line break at its end; nothing for no text. */
function comment(parts: readonly string[], indent: string): string {
  const lines = parts
    .flatMap((part) => part.trim().split(/\r\n|[\n\r\u2028\u2029]/))
    .map((line) => line.trimEnd().replaceAll('*/', '*\\/'));
  const [first] = lines;
  if (first === undefined) return '';
  if (lines.length === 1 && first.length < 110) return `${indent}/** ${first} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}
