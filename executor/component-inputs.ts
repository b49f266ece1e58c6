/** What a component's body gets as its first argument. */
import { ArtifactObject } from '../sdk/artifact-object.ts';
import type { ArtifactList, ExecutorInput, RuntimeArtifact } from '../spec/executor-io.ts';
import { localPathOf } from '../spec/local-path.ts';

/**
 * Builds the inputs of a component: parameters by value, artifacts as objects, lists of artifacts as arrays. An
 * optional input that was not given has no field, so that the defaults of the body apply.
 * @param artifactLists input artifacts that are lists, whatever their length
 */
export function inputsOf(
  { inputs }: ExecutorInput,
  artifactLists: readonly string[],
): Readonly<Record<string, unknown>> {
  // KFP has no way to say "nothing" but null; a default would not apply to it.
  const parameters = Object.entries(inputs.parameterValues ?? {}).filter(([, value]) => value !== null);
  const artifacts = Object.entries(inputs.artifacts ?? {})
    .map(([name, list]) => [name, artifactInput(list, artifactLists.includes(name))] as const)
    .filter(([, value]) => value !== undefined);
  return Object.freeze(Object.fromEntries<unknown>([...parameters, ...artifacts]));
}

function artifactInput({ artifacts }: ArtifactList, isList: boolean): unknown {
  const objects = artifacts.map(inputArtifact);
  return isList || objects.length > 1 ? Object.freeze(objects) : objects[0];
}

function inputArtifact(artifact: RuntimeArtifact): ArtifactObject {
  const object = objectOf(artifact);
  Object.freeze(object.metadata);
  return object;
}

/** Makes the object that stands for an artifact inside the body. */
export function objectOf(artifact: RuntimeArtifact): ArtifactObject {
  return new ArtifactObject({
    name: artifact.name,
    uri: artifact.uri,
    path: localPathOf(artifact),
    ...(artifact.metadata && { metadata: artifact.metadata }),
  });
}
