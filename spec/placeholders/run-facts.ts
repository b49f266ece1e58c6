/** What placeholders of the run stand for. Everything that names an attempt has these. */
export interface PlaceholderFacts {
  readonly runId: string;
  /** The task's path. */
  readonly task: string;
  /** The task's own name. @default the last one of its path that is no number of an iteration */
  readonly taskName?: string;
  /** When the run was started, ISO 8601 in UTC. */
  readonly startedAt?: string;
  readonly pipelineRoot?: string;
  /** Where the run's shared folder is mounted. */
  readonly workspacePath?: string;
}

/** Finds what a field of `{{$.…}}` says of the run or its task; undefined where it is none, or is not known here. */
export function runFact(field: string, facts: PlaceholderFacts): string | undefined {
  const { runId, task } = facts;
  switch (field) {
    case 'pipeline_job_name':
    case 'pipeline_job_resource_name':
    case 'pipeline_job_uuid':
      return runId;
    case 'pipeline_task_name':
      return (
        facts.taskName ??
        task
          .replace(/\/\d+$/, '')
          .split('/')
          .at(-1)
      );
    case 'pipeline_task_uuid':
      return `${runId}-${task.replaceAll('/', '-')}`;
    case 'pipeline_job_create_time_utc':
    case 'pipeline_job_schedule_time_utc':
      return facts.startedAt;
    case 'pipeline_root':
      return facts.pipelineRoot;
    case 'workspace_path':
      return facts.workspacePath;
    default:
      return undefined;
  }
}
