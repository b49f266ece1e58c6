/** protobuf's JSON names fields in either spelling: `displayName` is `display_name`. */
import { z } from '@hono/zod-openapi';

/** Gives the fields that a schema knows the names it knows them by; what it leaves open stays as it is. */
export function withProtoNames(schema: z.ZodType, value: unknown): unknown {
  const inner = schema instanceof z.ZodOptional ? schema.unwrap() : schema;
  if (!(inner instanceof z.ZodObject) || typeof value !== 'object' || value === null || Array.isArray(value))
    return value;
  const shape: Readonly<Record<string, unknown>> = inner.shape;
  return Object.fromEntries(
    Object.entries(value)
      // protobuf takes null for a field that is not there.
      .filter(([, field]) => field !== null)
      .map(([given, field]) => {
        const name = given in shape ? given : snake(given);
        const known = shape[name];
        return known instanceof z.ZodType ? [name, withProtoNames(known, field)] : [given, field];
      }),
  );
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
