import type { Context } from '../context.ts';
import type { Operation } from '../http/operation.ts';
import { artifactOperations } from './artifacts.ts';
import { experimentOperations } from './experiments.ts';
import { logOperations } from './logs.ts';
import { pipelineOperations } from './pipelines.ts';
import { recurringRunOperations } from './recurring-runs.ts';
import { runOperations } from './runs.ts';
import { serviceOperations } from './service.ts';
import { uploadOperations } from './uploads.ts';
import { versionOperations } from './versions.ts';

/** All that the server can be asked; where two paths fit, the first counts. */
export function allOperations(context: Context): readonly Operation[] {
  return [
    ...serviceOperations(context),
    ...experimentOperations(context),
    ...uploadOperations(context),
    ...pipelineOperations(context),
    ...versionOperations(context),
    ...runOperations(context),
    ...recurringRunOperations(context),
    ...artifactOperations(context),
    ...logOperations(context),
  ];
}
