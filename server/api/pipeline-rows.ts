/** Pipelines and their versions as the tables have them. */
import type { z } from '@hono/zod-openapi';
import { randomUUID } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Context } from '../context.ts';
import { Refusal } from '../failure.ts';
import { mayUse, type Principal } from '../http/access.ts';
import { fetchDocument } from '../http/fetch-document.ts';
import type { pipeline, pipelineVersion } from '../messages/pipeline.ts';
import type { KeptSpec } from '../store/specs.ts';
import type { PipelineRow, Tables, VersionRow } from '../store/tables.ts';
import { nameOf } from './names.ts';

type VersionMessage = z.infer<typeof pipelineVersion>;

/** Makes the row of a new pipeline. */
export function pipelineRow(given: z.infer<typeof pipeline>, namespace: string): PipelineRow {
  const name = nameOf(given.name ?? given.display_name, 'a pipeline');
  return {
    pipeline_id: randomUUID(),
    namespace,
    name,
    display_name: nameOf(given.display_name ?? name, 'a pipeline'),
    description: given.description ?? '',
    tags: JSON.stringify(given.tags ?? {}),
    created_at: Date.now(),
  };
}

/** @throws Refusal where the name is taken */
export async function addPipeline(database: Kysely<Tables>, row: PipelineRow): Promise<void> {
  const made = await database
    .insertInto('pipelines')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (Number(made.numInsertedOrUpdatedRows ?? 0) === 0)
    throw new Refusal(
      'exists',
      `there is a pipeline "${row.name}" already: choose another name, or add a version to it`,
    );
}

/**
 * Finds a pipeline that somebody may see.
 * @throws Refusal where there is none; one of another namespace is none
 */
export async function findPipeline({ database }: Context, id: string, who: Principal): Promise<PipelineRow> {
  const row = await database
    .selectFrom('pipelines')
    .selectAll()
    .where('pipeline_id', '=', id)
    .executeTakeFirst();
  if (row === undefined || !mayUse(who, row.namespace))
    throw new Refusal('not-found', `there is no pipeline ${id}`);
  return row;
}

/**
 * Gets the pipeline of a version that is to be made.
 * @throws Refusal where it has none, UserErrors where that is wrong
 */
export async function compiledOf({ specs, options }: Context, given: VersionMessage): Promise<KeptSpec> {
  const { pipeline_spec: spec, package_url: from } = given;
  if (spec !== undefined) return specs.fromMessage(spec);
  const url = from?.pipeline_url ?? '';
  if (url === '') throw new Refusal('invalid', 'the version has neither a pipeline_spec nor a package_url');
  return specs.fromText(await fetchDocument(url, options.bodyLimit, options.tokens === undefined), url);
}

/** Makes the row of a new version. */
export function versionRow(given: VersionMessage, pipeline: PipelineRow, digest: string): VersionRow {
  const name = nameOf(given.name ?? given.display_name, 'a version');
  return {
    pipeline_version_id: randomUUID(),
    pipeline_id: pipeline.pipeline_id,
    namespace: pipeline.namespace,
    name,
    display_name: nameOf(given.display_name ?? name, 'a version'),
    description: given.description ?? '',
    tags: JSON.stringify(given.tags ?? {}),
    code_source_url: given.code_source_url ?? '',
    package_url: given.package_url?.pipeline_url ?? '',
    spec_digest: digest,
    created_at: Date.now(),
  };
}

/** @throws Refusal where the pipeline has a version of that name */
export async function addVersion(
  { specs }: Context,
  database: Kysely<Tables>,
  row: VersionRow,
  spec: KeptSpec,
): Promise<void> {
  await specs.keep(spec, database);
  const made = await database
    .insertInto('pipeline_versions')
    .values(row)
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  if (Number(made.numInsertedOrUpdatedRows ?? 0) === 0)
    throw new Refusal('exists', `the pipeline has a version "${row.name}" already: choose another name`);
}

/**
 * Finds a version that somebody may see.
 * @param pipelineId empty where the request names the version alone
 * @throws Refusal where there is none
 */
export async function findVersion(
  { database }: Context,
  pipelineId: string,
  id: string,
  who: Principal,
): Promise<VersionRow> {
  const row = await database
    .selectFrom('pipeline_versions')
    .selectAll()
    .where('pipeline_version_id', '=', id)
    .executeTakeFirst();
  if (
    row === undefined ||
    !mayUse(who, row.namespace) ||
    (pipelineId !== '' && row.pipeline_id !== pipelineId)
  )
    throw new Refusal('not-found', `there is no version ${id} of the pipeline ${pipelineId}`);
  return row;
}

/** Finds the newest version of a pipeline. */
export async function newestVersion(
  { database }: Pick<Context, 'database'>,
  pipelineId: string,
): Promise<VersionRow> {
  const row = await database
    .selectFrom('pipeline_versions')
    .selectAll()
    .where('pipeline_id', '=', pipelineId)
    .orderBy('created_at', 'desc')
    .orderBy('pipeline_version_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined)
    throw new Refusal('invalid', `the pipeline ${pipelineId} has no version that could run`);
  return row;
}
