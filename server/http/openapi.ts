/** Describes operations in the OpenAPI document. */
import { z, type OpenAPIHono } from '@hono/zod-openapi';
import { refusal, uploadRefusal } from '../messages/common.ts';
import type { Operation } from './operation.ts';

type Registry = OpenAPIHono['openAPIRegistry'];

export function describe(registry: Registry, operation: Operation): void {
  const { id, method, path, summary, params, query, body, answer, upload } = operation;
  const content =
    typeof answer === 'string'
      ? { [answer]: { schema: z.string() } }
      : { 'application/json': { schema: answer } };
  registry.registerPath({
    operationId: id,
    method,
    path,
    summary,
    tags: [path.split('/')[3] ?? ''],
    request: {
      ...(params !== undefined && { params }),
      ...(query !== undefined && { query }),
      ...(body !== undefined && {
        body: { required: true, content: { 'application/json': { schema: body } } },
      }),
      ...(upload === true && {
        body: {
          required: true,
          content: {
            'multipart/form-data': {
              schema: z.object({ uploadfile: z.string().openapi({ type: 'string', format: 'binary' }) }),
            },
          },
        },
      }),
    },
    responses: {
      200: { description: 'The answer.', content },
      default: {
        description: 'A refusal.',
        content: { 'application/json': { schema: upload === true ? uploadRefusal : refusal } },
      },
    },
    ...(operation.needsToken === false && { security: [] }),
  });
}
