/** The folder that the tasks of a run share: a volume claim of the run. */
import * as z from 'zod';
import type { Attempt } from '../../engine/ports.ts';
import { UserError } from '../../errors/index.ts';
import { namesWorkspace, usesWorkspace } from '../../executor/workspace.ts';
import { workspaceMount } from '../../spec/local-path.ts';
import { digestOf, hexOf } from '../../spec/index.ts';
import { ApiError } from './api/api-error.ts';
import type { Connection } from './api/connection.ts';
import { labelValue, marks } from './api/label-value.ts';
import type { Mounts } from './job/volumes.ts';

/** Whether a task's pod has the folder: where its inputs or its command name it. */
export function hasWorkspace({ workspace, input, container }: Attempt): boolean {
  return workspace !== undefined && (usesWorkspace(input) || namesWorkspace(container));
}

/** Mounts the folder into the component's container. */
export function workspaceMounts(attempt: Attempt): Mounts {
  if (!hasWorkspace(attempt)) return { volumes: [], mounts: [] };
  const name = 'kfp-workspace';
  return {
    volumes: [{ name, persistentVolumeClaim: { claimName: claimName(attempt.runId) } }],
    mounts: [{ name, mountPath: workspaceMount }],
  };
}

const settings = z.object({
  size: z.string(),
  kubernetes: z.object({ pvcSpecPatch: z.record(z.string(), z.unknown()).optional() }).optional(),
});

/**
 * Makes the claim, unless another task of the run has.
 * @throws UserError FER6058 for settings that describe none, ApiError
 */
export async function makeWorkspace(connection: Connection, { runId, workspace }: Attempt): Promise<void> {
  const parsed = settings.safeParse(workspace);
  if (!parsed.success)
    throw new UserError('FER6058', {
      problem: `the workspace of the pipeline describes no volume claim: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
      fix: "give it a size, such as '10Gi'",
    });
  const { size, kubernetes } = parsed.data;
  const body = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimName(runId),
      labels: { [marks.managedBy]: 'ferrule', [marks.run]: labelValue(runId) },
      annotations: { [marks.run]: runId },
    },
    spec: {
      accessModes: ['ReadWriteOnce'],
      resources: { requests: { storage: size } },
      ...kubernetes?.pvcSpecPatch,
    },
  };
  const call = {
    what: 'create persistentvolumeclaims',
    method: 'POST',
    path: claims(connection),
    body,
  } as const;
  try {
    await connection.call(call);
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || thrown.status !== 409) throw thrown;
  }
}

/** Deletes the claim of a run; one that is gone counts as deleted. */
export async function deleteWorkspace(connection: Connection, runId: string): Promise<void> {
  const path = `${claims(connection)}/${claimName(runId)}`;
  try {
    await connection.call({ what: 'delete persistentvolumeclaims', method: 'DELETE', path });
  } catch (thrown) {
    if (!(thrown instanceof ApiError) || thrown.status !== 404) throw thrown;
  }
}

function claimName(runId: string): string {
  return `workspace-${hexOf(digestOf(runId)).slice(0, 24)}`;
}

function claims({ namespace }: Connection): string {
  return `/api/v1/namespaces/${namespace}/persistentvolumeclaims`;
}
