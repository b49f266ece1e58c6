/** Lowers interfaces to input and output definitions. */
import type {
  ArtifactTypeSchema,
  InputArtifactDefinition,
  InputDefinitions,
  InputParameterDefinition,
  OutputArtifactDefinition,
  OutputDefinitions,
  OutputParameterDefinition,
} from '../../spec/index.ts';
import { parameterTypeOf, type ArtifactType, type Port } from '../interfaces/component-interface.ts';
import type { TracedParameter } from '../trace/traced-task.ts';

/** Lowers a component's inputs. */
export function inputDefinitions(ports: readonly Port[]): { inputDefinitions?: InputDefinitions } {
  const parameters: Record<string, InputParameterDefinition> = {};
  const artifacts: Record<string, InputArtifactDefinition> = {};
  for (const port of ports) {
    const common = {
      ...(port.optional && { isOptional: true }),
      ...(port.description !== undefined && { description: port.description }),
    };
    if (port.type.kind === 'artifact') artifacts[port.name] = { ...artifactOf(port.type), ...common };
    else
      parameters[port.name] = {
        parameterType: parameterTypeOf(port.type),
        ...(port.default !== undefined && { defaultValue: port.default }),
        ...common,
      };
  }
  const definitions = present(parameters, artifacts);
  return definitions === undefined ? {} : { inputDefinitions: definitions };
}

/** Lowers a component's outputs. */
export function outputDefinitions(ports: readonly Port[]): { outputDefinitions?: OutputDefinitions } {
  const parameters: Record<string, OutputParameterDefinition> = {};
  const artifacts: Record<string, OutputArtifactDefinition> = {};
  for (const { name, type, description } of ports) {
    const common = { ...(description !== undefined && { description }) };
    if (type.kind === 'artifact') artifacts[name] = { ...artifactOf(type), ...common };
    else parameters[name] = { parameterType: parameterTypeOf(type), ...common };
  }
  const definitions = present(parameters, artifacts);
  return definitions === undefined ? {} : { outputDefinitions: definitions };
}

/** Lowers a pipeline's parameters: one with a default need not be given. */
export function pipelineInputs(parameters: readonly TracedParameter[]): {
  inputDefinitions?: InputDefinitions;
} {
  return inputDefinitions(parameters);
}

function artifactOf(type: ArtifactType): { artifactType: ArtifactTypeSchema; isArtifactList?: boolean } {
  return {
    artifactType: { schemaTitle: type.title, schemaVersion: type.version },
    ...(type.list && { isArtifactList: true }),
  };
}

function present<P extends object, A extends object>(parameters: P, artifacts: A) {
  const hasParameters = Object.keys(parameters).length > 0;
  const hasArtifacts = Object.keys(artifacts).length > 0;
  if (!hasParameters && !hasArtifacts) return undefined;
  return { ...(hasParameters && { parameters }), ...(hasArtifacts && { artifacts }) };
}
