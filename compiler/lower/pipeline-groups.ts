/** What the lowering knows of a pipeline's groups before it writes any: names, inputs, outputs, who waits for whom. */
import { groupNames, type GroupNames } from '../trace/flow/group-names.ts';
import type { ExitGroup } from '../trace/flow/traced-group.ts';
import type { TracedPipeline } from '../trace/traced-task.ts';
import { waitsOf, type Waits } from '../trace/flow/waits.ts';
import { Channels } from './channels.ts';
import { groupInputs, type GroupInputs } from './group-inputs.ts';

export interface PipelineGroups {
  readonly names: GroupNames;
  readonly channels: Channels;
  readonly inputs: GroupInputs;
  readonly waits: Waits;
  readonly exits: readonly ExitGroup[];
}

/** Reads a pipeline's tree once. */
export function pipelineGroups({ body, outputs }: TracedPipeline): PipelineGroups {
  const names = groupNames(body);
  const channels = new Channels(body, names);
  const exits = body.children.filter((child) => child.kind === 'exit');
  const inputs = groupInputs(
    body,
    exits.map(({ exitTask }) => exitTask),
    channels,
  );
  for (const ref of outputs.values()) channels.producer(ref, body);
  return { names, channels, inputs, waits: waitsOf(body), exits };
}
