/** A container of the spec with every placeholder replaced: what really runs. */
import type { ExecutorInput } from '../executor-io.ts';
import type { ContainerSpec } from '../pipeline-spec.ts';
import { resolveText } from './placeholder.ts';
import type { PlaceholderFacts } from './run-facts.ts';
import { resolveResources, type ResolvedResources } from './resources.ts';
import { expandItem } from './struct-placeholder.ts';

export interface ResolvedContainer {
  readonly image: string;
  /** Empty: the image's own. */
  readonly command: readonly string[];
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly resources: ResolvedResources;
}

/**
 * Replaces the placeholders of a container: in its image, command, arguments, environment and resources, by KFP's
 * rules. Items of command and arguments may vanish, or become several.
 * @param input its URIs and output files as the container is to see them
 * @throws UserError FER3006 for a placeholder that does not read or stands for nothing
 */
export function resolveContainer(
  container: ContainerSpec,
  input: ExecutorInput,
  facts: PlaceholderFacts,
): ResolvedContainer {
  const text = (written: string): string => resolveText(written, input, facts);
  const items = (written: readonly string[] | undefined): readonly string[] =>
    (written ?? []).flatMap((item) => expandItem(item, input)).map(text);
  return {
    image: text(container.image),
    command: items(container.command),
    args: items(container.args),
    env: (container.env ?? []).map(({ name, value }) => ({ name, value: text(value ?? '') })),
    resources: resolveResources(container.resources, text),
  };
}
