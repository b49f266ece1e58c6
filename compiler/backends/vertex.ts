/** What Vertex AI Pipelines could not run of a task: it has no Kubernetes for a person to set, and no volumes. */
import { readIdentity } from '../../spec/index.ts';
import type { NotedTask } from './noted-task.ts';

/** Lists the reasons, one sentence each; empty where the backend runs the task. */
export function vertexReasons({ task, executor, settings }: NotedTask): string[] {
  const { container, importer } = executor ?? {};
  const reasons: string[] = [];
  const { type, resourceType = type } = container?.resources?.accelerator ?? {};
  if (resourceType === 'nvidia.com/gpu')
    reasons.push('Vertex AI names accelerators by model, such as NVIDIA_TESLA_T4, not "nvidia.com/gpu"');
  const { activeDeadlineSeconds, ...others } = settings ?? {};
  if (activeDeadlineSeconds !== undefined)
    reasons.push('its timeout is a setting of Kubernetes, which Vertex AI does not read');
  const names = Object.keys(others);
  if (names.length > 0)
    reasons.push(`it has settings of Kubernetes, which Vertex AI does not read: ${names.sort().join(', ')}`);
  if (importer?.downloadToWorkspace === true || usesWorkspace(task, container))
    reasons.push('it uses the workspace, a volume of Kubernetes, which Vertex AI does not have');
  if (container !== undefined && container.image.startsWith('argostub/'))
    reasons.push("it makes or deletes a volume claim, which is work of KFP's own backend");
  const payload = container === undefined ? undefined : readIdentity(container)?.payload;
  if (payload !== undefined && payload.length > 1_000_000)
    reasons.push('its code is too large to travel in its arguments');
  return reasons;
}

function usesWorkspace(
  task: NotedTask['task'],
  container: { readonly args?: readonly string[] } | undefined,
): boolean {
  const placeholder = '{{$.workspace_path}}';
  const constants = Object.values(task.inputs?.parameters ?? {}).map(
    ({ runtimeValue }) => runtimeValue?.constant,
  );
  return [...constants, ...(container?.args ?? [])].some(
    (text) => typeof text === 'string' && text.includes(placeholder),
  );
}
