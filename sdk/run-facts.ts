/**
 * Facts of the run and task, which are known once they run. Each is a text for components' inputs and containers'
 * commands. KFP's open-source backend replaces one only where it is a whole value; `workspacePath` may be a part.
 */
export const run = /* @__PURE__ */ Object.freeze({
  /** Name of the run, as people see it. */
  name: '{{$.pipeline_job_name}}',
  /** Unique id of the run. */
  id: '{{$.pipeline_job_uuid}}',
  /** Name of the run in the engine underneath, such as an Argo Workflow. */
  resourceName: '{{$.pipeline_job_resource_name}}',
  /** When the run was made: RFC 3339, in UTC. */
  createTime: '{{$.pipeline_job_create_time_utc}}',
  /** When the run was due: RFC 3339, in UTC. */
  scheduleTime: '{{$.pipeline_job_schedule_time_utc}}',
  /** Where the run keeps its artifacts. */
  root: '{{$.pipeline_root}}',
  /** Name of the task. */
  taskName: '{{$.pipeline_task_name}}',
  /** Unique id of the task in its run. */
  taskId: '{{$.pipeline_task_uuid}}',
  /** The folder that all tasks of the run share, where the pipeline has a `workspace`. */
  workspacePath: '{{$.workspace_path}}',
  /** The file where the task may write what it gives back, as KFP's executors do. */
  outputFile: '{{$.outputs.output_file}}',
});
