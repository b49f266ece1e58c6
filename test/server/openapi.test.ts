/** The OpenAPI document that the server gives: what it says of itself, and whether that is so. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Validator } from '@seriousme/openapi-schema-validator';
import { parse } from 'yaml';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Project } from '../cli/project.ts';
import { kfpPython } from '../counterparts.ts';
import { holdToDocument, routesOf, type Held, type OpenApi } from './document.ts';
import { endOf, makeServedProject, serve, type Answer, type Serving } from './serving.ts';

const api = '/apis/v2beta1';
let project: Project;
let serving: Serving;
let held: Held;
beforeAll(async () => {
  project = await makeServedProject();
  serving = await serve(project);
  held = await holdToDocument(serving.url);
});
afterAll(async () => {
  await held.close();
  await serving.stop();
  project.remove();
});

/** Of KFP's API, what this server has not. */
const absentOperations = [
  'GET /apis/v2beta1/filters',
  'POST /apis/v2beta1/scheduledworkflows',
  'POST /apis/v2beta1/visualizations/{namespace}',
  'POST /apis/v2beta1/workflows',
];
const absentFields = {
  PipelineTaskDetailChildTask: ['pod_name'],
  V2beta1PipelineTaskDetail: ['execution_id'],
  V2beta1PipelineTaskExecutorDetail: ['failed_pre_caching_check_jobs', 'pre_caching_check_job'],
  V2beta1RecurringRun: ['plugins_input'],
  V2beta1Run: ['plugins_input', 'plugins_output'],
  V2beta1RunDetails: ['pipeline_context_id', 'pipeline_run_context_id'],
};
/** Messages that only travel inside of texts, or that belong to what is absent. */
const absentMessages = [
  'InlineObject',
  'InlineObject1',
  'PredicateIntValues',
  'PredicateLongValues',
  'PredicateStringValues',
  'ProtobufAny',
  'V2beta1Filter',
  'V2beta1MetadataValue',
  'V2beta1PluginOutput',
  'V2beta1Predicate',
  'V2beta1Visualization',
];

async function problemsOf(document: OpenApi): Promise<unknown> {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  return valid ? [] : errors;
}

describe('the OpenAPI document', () => {
  it('is valid, also where tokens are asked for', async () => {
    expect(held.document.openapi).toBe('3.1.0');
    expect(await problemsOf(held.document)).toEqual([]);
    const made = await project.ferrule('token', 'ann', '--namespaces', 'red');
    project.write('tokens', made.stdout);
    const closed = await serve(project, ['--tokens', 'tokens', '--database', 'closed.sqlite']);
    const { body } = await closed.call('GET', '/openapi.json');
    expect(await problemsOf(body)).toEqual([]);
    expect(body.security).toEqual([{ token: [] }]);
    expect(body.components.securitySchemes).toEqual({ token: { type: 'http', scheme: 'bearer' } });
    expect(body.paths[`${api}/healthz`].get.security).toEqual([]);
    await closed.stop();
  });

  it('names each parameter of a path, and no operation twice', () => {
    const ids = routesOf(held.document).map(({ id }) => id);
    expect(ids.length).toBe(new Set(ids).size);
    for (const [path, operations] of Object.entries(held.document.paths))
      for (const { parameters = [] } of Object.values(operations))
        expect(
          parameters.filter((one) => one.in === 'path').map(({ name }) => `{${name}}`),
          path,
        ).toEqual(path.match(/\{\w+\}/g) ?? []);
  });

  it.skipIf(kfpPython === undefined)("has the paths, methods and fields of KFP's own", () => {
    const script = join(import.meta.dirname, 'python', 'api.py');
    const known = JSON.parse(execFileSync(kfpPython ?? '', [script], { encoding: 'utf8' })) as {
      readonly operations: readonly string[];
      readonly messages: Readonly<Record<string, readonly string[]>>;
    };
    const { paths, components } = held.document;
    const own = Object.entries(paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(known.operations.filter((one) => !own.includes(one))).toEqual(absentOperations);
    const schemas = Object.fromEntries(
      Object.entries(components.schemas).map(([name, schema]) => [name.toLowerCase(), schema]),
    );
    const absent: Record<string, readonly string[]> = {};
    const beyond: Record<string, readonly string[]> = {};
    const missing: string[] = [];
    for (const [name, fields] of Object.entries(known.messages)) {
      const schema = schemas[name.toLowerCase()];
      const properties = Object.keys(schema?.properties ?? {});
      const lacks = fields.filter((field) => !properties.includes(field));
      const adds = properties.filter((field) => !fields.includes(field));
      if (schema === undefined) missing.push(name);
      else if (lacks.length > 0) absent[name] = lacks;
      if (adds.length > 0) beyond[name] = adds;
    }
    expect(beyond).toEqual({ V2beta1GetHealthzResponse: ['ferrule'] });
    expect({ absent, missing }).toEqual({ absent: absentFields, missing: absentMessages });
  });

  it('is how each operation answers and refuses', async () => {
    const ask = async (method: string, path: string, body?: unknown): Promise<Answer['body']> => {
      const answer = await fetch(`${held.url}${path}`, {
        method,
        ...(body !== undefined && {
          body: body instanceof FormData ? body : JSON.stringify(body),
          ...(!(body instanceof FormData) && { headers: { 'content-type': 'application/json' } }),
        }),
      });
      const text = await answer.text();
      return answer.headers.get('content-type')?.includes('json') === true ? JSON.parse(text) : text;
    };
    const get = (path: string) => ask('GET', `${api}${path}`);
    const post = (path: string, body?: unknown) => ask('POST', `${api}${path}`, body);
    const text = readFileSync(join(project.folder, 'data.yaml'), 'utf8');
    const spec: unknown = parse(text);
    const upload = (): FormData => {
      const form = new FormData();
      form.set('uploadfile', new Blob([text]), 'data.yaml');
      return form;
    };
    // Nothing is there of this name; and this is no body for anything.
    const none = 'none-of-it';
    const wrong = { display_name: 7, pipeline: 7, trigger: 7 };

    await get('/healthz');
    await get('/auth');
    await ask('GET', '/metrics');
    const { experiment_id: experiment } = await post('/experiments', { display_name: 'all' });
    await get('/experiments');
    await get(`/experiments/${experiment}`);
    const { pipeline_id: pipeline } = await post('/pipelines', { display_name: 'all' });
    await post('/pipelines/create', {
      pipeline: { display_name: 'both' },
      pipeline_version: { pipeline_spec: spec },
    });
    await post('/pipelines/upload?name=up', upload());
    await post(`/pipelines/upload_version?name=up&pipelineid=${pipeline}`, upload());
    const { pipeline_version_id: version } = await post(`/pipelines/${pipeline}/versions`, {
      display_name: 'v',
      pipeline_spec: spec,
    });
    await get('/pipelines');
    await get('/pipelines/names/all');
    await get(`/pipelines/${pipeline}`);
    await ask('PATCH', `${api}/pipelines/${pipeline}`, { description: 'x' });
    await get(`/pipelines/${pipeline}/versions`);
    await get(`/pipelines/${pipeline}/versions/${version}`);
    await ask('PATCH', `${api}/pipelines/${pipeline}/versions/${version}`, { tags: { a: 'b' } });
    const reference = { pipeline_id: pipeline, pipeline_version_id: version };
    const { run_id: run } = await post('/runs', {
      display_name: 'r',
      experiment_id: experiment,
      pipeline_version_reference: reference,
      runtime_config: { parameters: { text: 'all' } },
    });
    await endOf(serving, run);
    await get('/runs');
    await get(`/runs/${run}`);
    await get(`/runs/${run}/nodes/make/log`);
    await ask('GET', `/apis/v1alpha1/runs/${run}/nodes/make/log`);
    await get(`/runs/${run}/nodes/make/artifacts/words:read`);
    const { artifacts } = await get(`/artifacts?run_id=${run}`);
    const words = artifacts.find(({ output }: { output: string }) => output === 'words').artifact_id;
    await get(`/artifacts/${words}`);
    await get(`/artifacts/${words}:download`);
    await get(`/artifacts/${words}:lineage`);
    await post(`/runs/${run}:archive`);
    await post(`/runs/${run}:unarchive`);
    const cancelled = (
      await post('/runs', {
        display_name: 'c',
        pipeline_spec: spec,
        runtime_config: { parameters: { text: 'c' } },
      })
    ).run_id;
    await post(`/runs/${cancelled}:terminate`);
    await endOf(serving, cancelled);
    await post(`/runs/${cancelled}:retry`);
    await endOf(serving, cancelled);
    const { recurring_run_id: recurring } = await post('/recurringruns', {
      display_name: 'again',
      experiment_id: experiment,
      pipeline_version_reference: reference,
      trigger: { periodic_schedule: { interval_second: 86400 } },
    });
    await get('/recurringruns');
    await get(`/recurringruns/${recurring}`);
    await post(`/recurringruns/${recurring}:disable`);
    await post(`/recurringruns/${recurring}:enable`);
    await post(`/experiments/${experiment}:archive`);
    await post(`/experiments/${experiment}:unarchive`);
    await get('/audit');
    for (const path of [
      `/runs/${run}`,
      `/recurringruns/${recurring}`,
      `/pipelines/${pipeline}/versions/${version}`,
      `/pipelines/${pipeline}?cascade=true`,
      `/experiments/${experiment}`,
    ])
      await ask('DELETE', `${api}${path}`);

    for (const { method, id } of routesOf(held.document)) {
      const path = Object.entries(held.document.paths).find(([, operations]) =>
        Object.values(operations).some(({ operationId }) => operationId === id),
      )?.[0];
      const asked = (path ?? '').replaceAll(/\{\w+\}/g, none);
      await ask(
        method,
        `${asked}?page_size=wrong`,
        method === 'GET' || method === 'DELETE' ? undefined : wrong,
      );
    }

    const ids = routesOf(held.document).map(({ id }) => id);
    expect(ids.filter((id) => !held.answered.has(id))).toEqual([]);
    // These three take no argument that could be wrong.
    const cannot = ['auth_service_authorize', 'healthz_service_get_healthz', 'metrics'];
    expect(ids.filter((id) => !held.refused.has(id)).toSorted()).toEqual(cannot);
    expect(held.problems).toEqual([]);
  }, 120_000);
});
