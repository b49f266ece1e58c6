/** What the pod of an attempt may do: no more than Kubernetes' `restricted` level. */
import type { V1PodSecurityContext, V1SecurityContext } from '@kubernetes/client-node';
import type { ExecutorConfig } from './job/executor-config.ts';
import type { JobOptions } from './options.ts';

/** All containers of the pod run as one user, since they share files. */
export function podSecurity(options: JobOptions, { securityContext }: ExecutorConfig): V1PodSecurityContext {
  const runAsUser = securityContext?.runAsUser ?? options.runAsUser;
  const runAsGroup = securityContext?.runAsGroup ?? options.runAsUser;
  return {
    runAsNonRoot: securityContext?.runAsNonRoot ?? runAsUser !== 0,
    runAsUser,
    runAsGroup,
    fsGroup: runAsGroup,
    // Without this each file of a large volume is visited before a pod starts.
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

/** Gives what every container of the pod is held to. */
export function containerSecurity({ readOnlyRootFilesystem }: JobOptions): V1SecurityContext {
  return {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem,
  };
}
