/** Placeholders in constants of a task's inputs: other inputs of the same task, and facts of the run. */
import { valueText, type JsonValue } from '../spec/index.ts';
import type { TaskNode } from './graph.ts';

/** What placeholders of the run itself stand for. */
export interface RunFacts {
  readonly runId: string;
  readonly pipeline: string;
  /** ISO 8601. */
  readonly startedAt: string;
}

export const inputPlaceholder = /\{\{\$\.inputs\.parameters\[(?:'([^']*)'|"([^"]*)")\]\}\}/g;
const runPlaceholder = /\{\{\$\.(pipeline_(?:job|task)_[a-z_]+|workspace_path)\}\}/g;

/**
 * Fills placeholders of constants. A constant that is nothing but a placeholder takes the value as it is, or none; a
 * text around it takes it as text.
 * @returns the inputs whose values are different in every run
 */
export function fillTemplates(
  parameters: Record<string, JsonValue>,
  templates: readonly string[],
  node: TaskNode,
  facts: RunFacts,
): string[] {
  const runScoped: string[] = [];
  const plain = { ...parameters };
  for (const name of templates) {
    const constant = plain[name];
    if (typeof constant !== 'string' || !constant.includes('{{$.')) continue;
    const whole = [...constant.matchAll(inputPlaceholder)].find((match) => match[0] === constant);
    if (whole !== undefined) {
      const value = plain[whole[1] ?? whole[2] ?? ''];
      if (value === undefined) delete parameters[name];
      else parameters[name] = value;
      continue;
    }
    parameters[name] = constant
      .replaceAll(inputPlaceholder, (_, single?: string, double?: string) =>
        valueText(plain[single ?? double ?? ''] ?? ''),
      )
      .replaceAll(runPlaceholder, (placeholder, field: string) => {
        const value = runField(field, node, facts);
        if (value === undefined) return placeholder;
        if (!isSteady(field) && !runScoped.includes(name)) runScoped.push(name);
        return value;
      });
  }
  return runScoped;
}

/** Where KFP mounts the folder that the tasks of a run share. */
const workspacePath = '/kfp-workspace';

/** Whether a fact is the same in every run. What lies in the folder that tasks share is not. */
function isSteady(field: string): boolean {
  return field === 'pipeline_task_name';
}

function runField(field: string, node: TaskNode, facts: RunFacts): string | undefined {
  switch (field) {
    case 'pipeline_job_name':
    case 'pipeline_job_resource_name':
    case 'pipeline_job_uuid':
      return facts.runId;
    case 'pipeline_task_name':
      return (node.iteration?.loop ?? node).name;
    case 'pipeline_task_uuid':
      return `${facts.runId}-${node.path.replaceAll('/', '-')}`;
    case 'pipeline_job_create_time_utc':
    case 'pipeline_job_schedule_time_utc':
      return facts.startedAt;
    case 'workspace_path':
      return workspacePath;
    default:
      return undefined;
  }
}
