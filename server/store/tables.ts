/** The tables of a server, and their first version. Times are milliseconds since 1970, flags 0 or 1, everything composed is JSON. */
import type { ColumnDataType, Kysely } from 'kysely';

export interface Tables {
  readonly experiments: ExperimentRow;
  readonly pipelines: PipelineRow;
  readonly pipeline_versions: VersionRow;
  readonly specs: SpecRow;
  readonly runs: RunRow;
  readonly recurring_runs: RecurringRow;
  readonly artifacts: ArtifactRow;
  readonly audit: AuditRow;
}

export interface ExperimentRow {
  readonly experiment_id: string;
  readonly namespace: string;
  readonly display_name: string;
  readonly description: string;
  readonly storage_state: string;
  readonly created_at: number;
  readonly last_run_created_at: number;
}

export interface PipelineRow {
  readonly pipeline_id: string;
  readonly namespace: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly tags: string;
  readonly created_at: number;
}

export interface VersionRow {
  readonly pipeline_version_id: string;
  readonly pipeline_id: string;
  readonly namespace: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly tags: string;
  readonly code_source_url: string;
  readonly package_url: string;
  readonly spec_digest: string;
  readonly created_at: number;
}

/** A compiled pipeline by its digest: runs of one pipeline share it. */
interface SpecRow {
  readonly digest: string;
  readonly spec: string;
}

export interface RunRow {
  readonly run_id: string;
  readonly namespace: string;
  readonly experiment_id: string;
  readonly display_name: string;
  readonly description: string;
  readonly storage_state: string;
  readonly state: string;
  readonly state_history: string;
  readonly error: string | null;
  readonly spec_digest: string;
  /** Empty for a run of a pipeline that came with it. */
  readonly pipeline_id: string;
  readonly pipeline_version_id: string;
  readonly parameters: string;
  /** As the request named it. */
  readonly pipeline_root: string;
  /** Where the run is. */
  readonly root: string;
  readonly service_account: string;
  readonly created_at: number;
  readonly scheduled_at: number;
  readonly finished_at: number;
  /** Empty for a run that somebody made. */
  readonly recurring_run_id: string;
  readonly started_by: string;
}

export interface RecurringRow {
  readonly recurring_run_id: string;
  readonly namespace: string;
  readonly experiment_id: string;
  readonly display_name: string;
  readonly description: string;
  readonly pipeline_id: string;
  /** Empty: the newest version of the pipeline at each time. */
  readonly pipeline_version_id: string;
  /** Empty where the pipeline is named. */
  readonly spec_digest: string;
  readonly parameters: string;
  readonly pipeline_root: string;
  readonly service_account: string;
  readonly max_concurrency: number;
  readonly no_catchup: number;
  readonly trigger: string;
  readonly status: string;
  /** From when on times are due: the last one that was, or when it was made or enabled. */
  readonly due_after: number;
  /** How many of its times started a run. */
  readonly last_index: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly error: string | null;
  readonly started_by: string;
}

export interface ArtifactRow {
  readonly artifact_id: string;
  readonly namespace: string;
  readonly run_id: string;
  /** The task's path. */
  readonly task: string;
  readonly output: string;
  readonly position: number;
  readonly name: string;
  readonly type: string;
  readonly uri: string;
  readonly created_at: number;
  /** The record, as the run's log has it. */
  readonly record: string;
}

interface AuditRow {
  readonly audit_id: string;
  readonly at: number;
  readonly who: string;
  readonly namespace: string;
  /** The operation, such as `run_service_create_run`. */
  readonly what: string;
  readonly resource: string;
}

type Columns<Row> = Readonly<Record<keyof Row & string, ColumnDataType>>;

const text = 'text';
const integer = 'bigint';

const columns: { readonly [T in keyof Tables]: Columns<Tables[T]> } = {
  experiments: {
    experiment_id: text,
    namespace: text,
    display_name: text,
    description: text,
    storage_state: text,
    created_at: integer,
    last_run_created_at: integer,
  },
  pipelines: {
    pipeline_id: text,
    namespace: text,
    name: text,
    display_name: text,
    description: text,
    tags: text,
    created_at: integer,
  },
  pipeline_versions: {
    pipeline_version_id: text,
    pipeline_id: text,
    namespace: text,
    name: text,
    display_name: text,
    description: text,
    tags: text,
    code_source_url: text,
    package_url: text,
    spec_digest: text,
    created_at: integer,
  },
  specs: { digest: text, spec: text },
  runs: {
    run_id: text,
    namespace: text,
    experiment_id: text,
    display_name: text,
    description: text,
    storage_state: text,
    state: text,
    state_history: text,
    error: text,
    spec_digest: text,
    pipeline_id: text,
    pipeline_version_id: text,
    parameters: text,
    pipeline_root: text,
    root: text,
    service_account: text,
    created_at: integer,
    scheduled_at: integer,
    finished_at: integer,
    recurring_run_id: text,
    started_by: text,
  },
  recurring_runs: {
    recurring_run_id: text,
    namespace: text,
    experiment_id: text,
    display_name: text,
    description: text,
    pipeline_id: text,
    pipeline_version_id: text,
    spec_digest: text,
    parameters: text,
    pipeline_root: text,
    service_account: text,
    max_concurrency: integer,
    no_catchup: integer,
    trigger: text,
    status: text,
    due_after: integer,
    last_index: integer,
    created_at: integer,
    updated_at: integer,
    error: text,
    started_by: text,
  },
  artifacts: {
    artifact_id: text,
    namespace: text,
    run_id: text,
    task: text,
    output: text,
    position: integer,
    name: text,
    type: text,
    uri: text,
    created_at: integer,
    record: text,
  },
  audit: { audit_id: text, at: integer, who: text, namespace: text, what: text, resource: text },
};

/** The first column of each is its key. */
const indices: readonly {
  readonly on: keyof Tables;
  readonly columns: readonly string[];
  readonly unique?: true;
}[] = [
  { on: 'experiments', columns: ['namespace', 'display_name'], unique: true },
  { on: 'pipelines', columns: ['namespace', 'name'], unique: true },
  { on: 'pipelines', columns: ['namespace', 'created_at', 'pipeline_id'] },
  { on: 'pipeline_versions', columns: ['pipeline_id', 'name'], unique: true },
  { on: 'pipeline_versions', columns: ['pipeline_id', 'created_at', 'pipeline_version_id'] },
  { on: 'runs', columns: ['namespace', 'created_at', 'run_id'] },
  { on: 'runs', columns: ['experiment_id', 'created_at', 'run_id'] },
  { on: 'runs', columns: ['state', 'created_at', 'run_id'] },
  { on: 'runs', columns: ['recurring_run_id', 'scheduled_at'] },
  { on: 'recurring_runs', columns: ['namespace', 'created_at', 'recurring_run_id'] },
  { on: 'recurring_runs', columns: ['status'] },
  { on: 'artifacts', columns: ['run_id', 'task'] },
  { on: 'artifacts', columns: ['namespace', 'created_at', 'artifact_id'] },
  { on: 'audit', columns: ['namespace', 'at', 'audit_id'] },
];

const nullable: ReadonlySet<string> = new Set(['error']);

/** Makes the tables that are not there, as the first version has them. */
export async function createTables(database: Kysely<unknown>): Promise<void> {
  for (const [table, types] of Object.entries(columns)) {
    let made = database.schema.createTable(table).ifNotExists();
    for (const [index, [name, type]] of Object.entries(types).entries())
      made = made.addColumn(name, type, (column) => {
        if (index === 0) return column.primaryKey().notNull();
        return nullable.has(name) ? column : column.notNull();
      });
    await made.execute();
  }
  for (const { on, columns: names, unique } of indices) {
    const made = database.schema
      .createIndex(`${on}_by_${names.join('_')}`)
      .ifNotExists()
      .on(on)
      .columns([...names]);
    await (unique === true ? made.unique() : made).execute();
  }
}
