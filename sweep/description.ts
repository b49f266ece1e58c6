/** The description of a sweep, as a file has it. */
import * as z from 'zod';
import type { JsonValue } from '../spec/index.ts';

const json: z.ZodType<JsonValue> = z.json();
const range = z.tuple([z.number(), z.number()]);
const points = z.int().min(1).optional();
const when = z.record(z.string(), z.union([z.array(json).min(1), json])).optional();

const dimension = z.union(
  [
    z.strictObject({ uniform: range, points, when }),
    z.strictObject({ 'log-uniform': range, points, when }),
    z.strictObject({ int: range, log: z.boolean().optional(), points, when }),
    z.strictObject({ choice: z.array(json).min(1), when }),
    z.strictObject({ fixed: json }),
    z.array(json).min(1),
    z.union([z.string(), z.number(), z.boolean()]),
  ],
  {
    error:
      'wants uniform: [low, high], log-uniform: [low, high], int: [low, high], choice: [...], fixed: value, a list or a value',
  },
);

const goal = z.enum(['maximize', 'minimize']);
const count = z.int().min(1);

/** What may stand in the file of a sweep. */
export const sweepDescription = z.strictObject({
  pipeline: z.string().optional(),
  method: z.enum(['grid', 'random', 'tpe']).optional(),
  metric: z.strictObject({ from: z.string().min(1), goal: goal.optional() }),
  parameters: z.record(z.string(), dimension),
  budget: z
    .strictObject({
      trials: count.optional(),
      parallel: count.optional(),
      time: z
        .union([
          z.number().positive(),
          z.string().regex(/^\d+(\.\d+)?\s*(s|m|h|d)$/, 'wants such as 90s, 30m, 2h'),
        ])
        .optional(),
    })
    .optional(),
  seed: z.int().optional(),
  stop: z.strictObject({ target: z.number().optional(), patience: count.optional() }).optional(),
  'early-stopping': z
    .strictObject({
      rule: z.enum(['median', 'halving']).optional(),
      from: z.string().min(1),
      goal: goal.optional(),
      'from-step': z.int().min(0).optional(),
      trials: count.optional(),
      eta: z.number().gt(1).optional(),
    })
    .optional(),
  halving: z
    .strictObject({
      resource: z.string().min(1),
      min: z.number().positive(),
      max: z.number().positive(),
      eta: z.number().gt(1).optional(),
    })
    .optional(),
  retries: z.int().min(0).optional(),
});

export type SweepDescription = z.infer<typeof sweepDescription>;
export type DimensionDescription = SweepDescription['parameters'][string];
