/** Pipelines that come as files. */
import { z } from '@hono/zod-openapi';
import type { Context } from '../context.ts';
import { Refusal } from '../failure.ts';
import { namespaceOf } from '../http/access.ts';
import { operation, type Operation } from '../http/operation.ts';
import { readPackage } from '../http/package.ts';
import { readBody } from '../http/read-body.ts';
import { pipeline, pipelineVersion } from '../messages/pipeline.ts';
import { specMessage, type KeptSpec } from '../store/specs.ts';
import { addPipeline, addVersion, findPipeline, pipelineRow, versionRow } from './pipeline-rows.ts';
import { pipelineMessage } from './pipelines.ts';
import { versionMessage } from './versions.ts';

const named = {
  name: z.string().optional(),
  display_name: z.string().optional(),
  description: z.string().optional(),
  tags: z.string().optional().openapi({ description: 'A JSON object of texts.' }),
};

export function uploadOperations(context: Context): readonly Operation[] {
  const { database } = context;
  return [
    operation({
      id: 'upload_pipeline',
      method: 'post',
      path: '/apis/v2beta1/pipelines/upload',
      summary: 'Makes a pipeline of a file',
      upload: true,
      query: z.object({ ...named, namespace: z.string().optional() }),
      answer: pipeline,
      async handle({ query, request, who, concerns }) {
        const { spec, fileName } = await readUpload(context, request);
        const name = query.name || query.display_name || fileName;
        const facts = { ...given(query), name, display_name: query.display_name || name };
        const row = pipelineRow(facts, namespaceOf(who, query.namespace));
        await database.transaction().execute(async (transaction) => {
          await addPipeline(transaction, row);
          await addVersion(context, transaction, versionRow(facts, row, spec.digest), spec);
        });
        concerns(row.namespace, row.pipeline_id);
        return pipelineMessage(row);
      },
    }),
    operation({
      id: 'upload_pipeline_version',
      method: 'post',
      path: '/apis/v2beta1/pipelines/upload_version',
      summary: 'Makes a version of a file',
      upload: true,
      query: z.object({ ...named, pipelineid: z.string() }),
      answer: pipelineVersion,
      async handle({ query, request, who, concerns }) {
        const parent = await findPipeline(context, query.pipelineid, who);
        const { spec, fileName } = await readUpload(context, request);
        const name = query.name || query.display_name || fileName;
        const facts = { ...given(query), name, display_name: query.display_name || name };
        const row = versionRow(facts, parent, spec.digest);
        await addVersion(context, database, row, spec);
        concerns(row.namespace, row.pipeline_version_id);
        return versionMessage(row, specMessage(spec.compiled));
      },
    }),
  ];
}

async function readUpload(
  { specs, options }: Context,
  request: Request,
): Promise<{ readonly spec: KeptSpec; readonly fileName: string }> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('multipart/form-data'))
    throw new Refusal('invalid', 'an upload is multipart/form-data, with the file as "uploadfile"');
  const bytes = await readBody(request, options.bodyLimit);
  const form = await new Response(new Uint8Array(bytes), { headers: { 'content-type': type } })
    .formData()
    .catch(() => undefined);
  const file = form?.get('uploadfile');
  if (file === undefined || file === null || typeof file === 'string')
    throw new Refusal('invalid', 'the upload has no file "uploadfile"');
  const { text, name } = await readPackage(
    Buffer.from(await file.arrayBuffer()),
    file.name,
    options.bodyLimit,
  );
  return { spec: specs.fromText(text, name), fileName: file.name };
}

function given({
  description,
  tags,
}: {
  readonly description?: string | undefined;
  readonly tags?: string | undefined;
}): {
  readonly description: string;
  readonly tags: Record<string, string>;
} {
  return { description: description ?? '', tags: readTags(tags) };
}

function readTags(text = ''): Record<string, string> {
  if (text === '') return {};
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(text));
  } catch {
    throw new Refusal('invalid', '"tags" is no JSON object of texts');
  }
}
