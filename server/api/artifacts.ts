/** What tasks made, and what they printed. */
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { z } from '@hono/zod-openapi';
import type { ArtifactRecord } from '../../engine/index.ts';
import type { Context } from '../context.ts';
import { Refusal } from '../failure.ts';
import { mayUse, namespaceOf, type Principal } from '../http/access.ts';
import { operation, streamed, type Operation } from '../http/operation.ts';
import { artifact, artifactPage, lineage } from '../messages/artifact.ts';
import { pageQuery, timeText } from '../messages/common.ts';
import { artifactIdOf, taskIdOf } from '../runs/names.ts';
import { idOfRecord } from '../runs/task-details.ts';
import { listPage, type Fields } from '../store/page.ts';
import type { ArtifactRow } from '../store/tables.ts';
import { findRun } from './run-rows.ts';

const fields: Fields = {
  artifact_id: { column: 'artifact_id', type: 'text' },
  name: { column: 'name', type: 'text' },
  type: { column: 'type', type: 'text' },
  uri: { column: 'uri', type: 'text' },
  run_id: { column: 'run_id', type: 'text' },
  task: { column: 'task', type: 'text' },
  output: { column: 'output', type: 'text' },
  created_at: { column: 'created_at', type: 'time' },
};

const byId = z.object({ artifact_id: z.string() });

type ArtifactMessage = z.infer<typeof artifact>;

export function artifactOperations(context: Context): readonly Operation[] {
  const { database } = context;
  return [
    operation({
      id: 'artifact_service_list_artifacts',
      method: 'get',
      path: '/apis/v2beta1/artifacts',
      summary: 'Lists artifacts, of a namespace or of one run',
      query: z.object({ ...pageQuery, namespace: z.string().optional(), run_id: z.string().optional() }),
      answer: artifactPage,
      async handle({ query, who }) {
        const where =
          query.run_id === undefined
            ? { namespace: namespaceOf(who, query.namespace) }
            : { run_id: (await findRun(context, query.run_id, who)).run_id };
        const page = await listPage(
          database,
          { table: 'artifacts', key: 'artifact_id', fields, where },
          query,
        );
        return {
          artifacts: await Promise.all(page.rows.map((row) => messageOf(context, row))),
          total_size: page.total,
          next_page_token: page.next,
        };
      },
    }),
    operation({
      id: 'artifact_service_get_artifact',
      method: 'get',
      path: '/apis/v2beta1/artifacts/{artifact_id}',
      summary: 'Gives one artifact',
      params: byId,
      answer: artifact,
      handle: async ({ params, who }) =>
        messageOf(context, await findArtifact(context, params.artifact_id, who)),
    }),
    streamed({
      id: 'artifact_service_download_artifact',
      method: 'get',
      path: '/apis/v2beta1/artifacts/{artifact_id}:download',
      summary: 'Gives the bytes of an artifact; a folder as a tar archive',
      params: byId,
      answer: 'application/octet-stream',
      handle: async ({ params, who }) =>
        download(context, await findArtifact(context, params.artifact_id, who)),
    }),
    operation({
      id: 'artifact_service_get_lineage',
      method: 'get',
      path: '/apis/v2beta1/artifacts/{artifact_id}:lineage',
      summary: 'Tells what an artifact was made from, and what used it',
      params: byId,
      answer: lineage,
      async handle({ params, who }) {
        const row = await findArtifact(context, params.artifact_id, who);
        const run = await findRun(context, row.run_id, who);
        const { state, inputs } = await context.views.of(run);
        const record = JSON.parse(row.record) as ArtifactRecord;
        const given = Object.values(inputs.artifactsOf(row.task)).flat();
        const sources = new Set(given.flatMap((one) => idOfRecord(one, row.run_id, state.tasks) ?? []));
        const rows =
          sources.size === 0
            ? []
            : await database
                .selectFrom('artifacts')
                .selectAll()
                .where('artifact_id', 'in', [...sources])
                .execute();
        const used = state.tasks.flatMap(({ name, kind }) =>
          kind === 'dag' || kind === 'loop'
            ? []
            : Object.entries(inputs.artifactsOf(name)).flatMap(([input, records]) =>
                records.some(({ uri }) => uri === row.uri)
                  ? [{ run_id: row.run_id, task_id: taskIdOf(row.run_id, name), task: name, input }]
                  : [],
              ),
        );
        const { producer } = record;
        return {
          artifact: await messageOf(context, row),
          ...(producer !== undefined && {
            made_by: { run_id: producer.runId, task: producer.task, attempt: producer.attempt },
          }),
          made_from: await Promise.all(rows.map((one) => messageOf(context, one))),
          used_by: used,
        };
      },
    }),
    operation({
      id: 'run_service_read_artifact',
      method: 'get',
      path: '/apis/v2beta1/runs/{run_id}/nodes/{node_id}/artifacts/{artifact_name}:read',
      summary: 'Gives the bytes of a small artifact in base64, as KFP 2.0 did',
      params: z.object({ run_id: z.string(), node_id: z.string(), artifact_name: z.string() }),
      answer: z.object({ data: z.string() }).openapi('v2beta1ReadArtifactResponse'),
      async handle({ params, who }) {
        const run = await findRun(context, params.run_id, who);
        const { state } = await context.views.of(run);
        const task = state.tasks.find(
          ({ name }) => name === params.node_id || taskIdOf(run.run_id, name) === params.node_id,
        );
        const id = artifactIdOf(run.run_id, task?.name ?? '', params.artifact_name, 0);
        const { file, record } = await placeOf(context, await findArtifact(context, id, who));
        if (record.folder || record.size > context.options.bodyLimit)
          throw new Refusal('not-now', `the artifact ${id} is too large for this, or a folder: download it`);
        return { data: (await readFile(file)).toString('base64') };
      },
    }),
  ];
}

async function findArtifact({ database }: Context, id: string, who: Principal): Promise<ArtifactRow> {
  const row = await database
    .selectFrom('artifacts')
    .selectAll()
    .where('artifact_id', '=', id)
    .executeTakeFirst();
  if (row === undefined || !mayUse(who, row.namespace))
    throw new Refusal('not-found', `there is no artifact ${id}`);
  return row;
}

async function rootOf({ database, options }: Context, { run_id: runId }: ArtifactRow): Promise<string> {
  const run = await database.selectFrom('runs').select('root').where('run_id', '=', runId).executeTakeFirst();
  return run?.root ?? options.root;
}

async function messageOf(context: Context, row: ArtifactRow): Promise<ArtifactMessage> {
  const record = JSON.parse(row.record) as ArtifactRecord;
  const { ports } = await context.benches.open(await rootOf(context, row));
  return {
    artifact_id: row.artifact_id,
    name: row.name,
    type: row.type,
    uri: ports.artifacts.locate(row.uri),
    namespace: row.namespace,
    created_at: timeText(row.created_at),
    metadata: record.metadata,
    ...(record.digest !== undefined && { digest: record.digest }),
    size: record.size,
    folder: record.folder,
    run_id: row.run_id,
    task_id: taskIdOf(row.run_id, row.task),
    task: row.task,
    output: row.output,
  };
}

/** Brings an artifact to this machine. What lies outside of the root on this machine is nobody's to download. */
async function placeOf(
  context: Context,
  row: ArtifactRow,
): Promise<{ readonly file: string; readonly record: ArtifactRecord }> {
  const record = JSON.parse(row.record) as ArtifactRecord;
  if (record.files === 0)
    throw new Refusal('not-now', `the artifact ${row.artifact_id} is metadata alone: it has no file`);
  if (!record.uri.startsWith('runs/') && !/^(gs|s3|minio):\/\//.test(record.uri))
    throw new Refusal(
      'forbidden',
      `the artifact ${row.artifact_id} lies outside of the pipeline root, at ${record.uri}`,
    );
  const { ports } = await context.benches.open(await rootOf(context, row));
  const judged = await ports.artifacts.verify(record);
  if (judged.kind === 'stale')
    throw new Refusal('not-now', `the artifact ${row.artifact_id} is no more what it was: ${judged.reason}`);
  return { file: await ports.artifacts.fetch(record), record };
}

async function download(context: Context, row: ArtifactRow): Promise<Response> {
  const { file, record } = await placeOf(context, row);
  const name = basename(record.uri).replaceAll(/[^\w.-]/g, '_');
  const headers = (fileName: string, type: string): Record<string, string> => ({
    'content-type': type,
    'content-disposition': `attachment; filename="${fileName}"`,
    // What a component wrote is no page of this server.
    'x-content-type-options': 'nosniff',
    'content-security-policy': 'sandbox',
  });
  if (!record.folder) {
    const { size } = await stat(file);
    const stream = Readable.toWeb(createReadStream(file)) as ReadableStream<Uint8Array>;
    return new Response(stream, {
      headers: { ...headers(name, 'application/octet-stream'), 'content-length': `${size}` },
    });
  }
  const { packFolder } = await import('../http/pack-folder.ts');
  const stream = Readable.toWeb(packFolder(file)) as ReadableStream<Uint8Array>;
  return new Response(stream, { headers: headers(`${name}.tar`, 'application/x-tar') });
}
