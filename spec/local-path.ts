/** Where an artifact's content lies on the machine that runs a component. */
import type { RuntimeArtifact } from './executor-io.ts';

/** KFP mounts object stores at these paths, one a scheme. */
const mounts = [
  ['gs://', '/gcs/'],
  ['s3://', '/s3/'],
  ['minio://', '/minio/'],
] as const;

/** Where KFP mounts the folder that the tasks of a run share. */
export const workspaceMount = '/kfp-workspace';

/** The metadata by which KFP marks an artifact that was copied into the folder that the tasks of a run share. */
export const inWorkspace = '_kfp_workspace';

/** Tells whether an artifact lies in the folder that the tasks of a run share. */
export function isInWorkspace({ metadata }: Pick<RuntimeArtifact, 'metadata'>): boolean {
  return metadata?.[inWorkspace] === true;
}

/** Gives the local path that stands for an artifact, by KFP's rules. */
export function localPathOf(artifact: RuntimeArtifact): string {
  const path = artifact.customPath ?? pathOfUri(artifact);
  if (!isInWorkspace(artifact)) return path;
  return `${workspaceMount}/.artifacts/${path.replace(/^\/+/, '')}`;
}

function pathOfUri({ uri, type }: RuntimeArtifact): string {
  if (uri.startsWith('file://')) return decodeURIComponent(new URL(uri).pathname);
  if (uri.startsWith('oci://')) {
    const folder = `/oci/${uri.slice('oci://'.length).replaceAll('/', '_')}`;
    // A model image keeps its files under /models.
    return type?.schemaTitle === 'system.Model' ? `${folder}/models` : folder;
  }
  const mount = mounts.find(([scheme]) => uri.startsWith(scheme));
  return mount === undefined ? uri : mount[1] + uri.slice(mount[0].length);
}
