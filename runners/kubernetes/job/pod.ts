/** The pod of an attempt. */
import type { V1PodSpec } from '@kubernetes/client-node';
import type { Attempt } from '../../../engine/ports.ts';
import { acceleratorPlace } from './accelerator.ts';
import { configuredInitContainers, planContainers } from './containers.ts';
import { chosenName, type ExecutorConfig } from './executor-config.ts';
import type { JobOptions } from '../options.ts';
import { affinityOf, nodeSelectorOf, tolerationsOf } from './scheduling.ts';
import { podSecurity } from '../security.ts';
import { configuredMounts, workFolders, type Mounts } from './volumes.ts';
import { workspaceMounts } from '../workspace.ts';

/** Makes the spec of an attempt's pod. */
export function podOf(attempt: Attempt, options: JobOptions, config: ExecutorConfig): V1PodSpec {
  const work = workFolders();
  const configured = joined(configuredMounts(config), workspaceMounts(attempt));
  const taken = new Set(configured.mounts.map(({ mountPath }) => mountPath));
  const plan = planContainers(attempt, options, config, {
    // A volume of the task's own at one of these places stands there for all containers.
    shared: [
      ...work.mounts.filter(({ mountPath }) => !taken.has(mountPath)),
      ...configured.mounts.filter(({ mountPath }) =>
        work.mounts.some((mount) => mount.mountPath === mountPath),
      ),
    ],
    own: configured.mounts.filter(
      ({ mountPath }) => !work.mounts.some((mount) => mount.mountPath === mountPath),
    ),
  });
  const accelerator = acceleratorPlace(plan.resources.accelerator);
  const initContainers = [...configuredInitContainers(options, config), ...plan.initContainers];
  const nodeSelector = nodeSelectorOf(config, options, accelerator);
  const tolerations = tolerationsOf(config, options, accelerator);
  const affinity = affinityOf(config);
  const pullSecrets = pullSecretsOf(options, config);
  const deadline = deadlineOf(attempt, config);
  return {
    restartPolicy: 'Never',
    ...(options.serviceAccount !== undefined && { serviceAccountName: options.serviceAccount }),
    automountServiceAccountToken: options.serviceAccount !== undefined,
    enableServiceLinks: false,
    // On the pod and not on the Job: waiting for a place does not count, and the pod stays to be read.
    ...(deadline !== undefined && { activeDeadlineSeconds: deadline }),
    terminationGracePeriodSeconds: options.gracePeriod,
    ...(options.priorityClass !== undefined && { priorityClassName: options.priorityClass }),
    ...(pullSecrets.length > 0 && { imagePullSecrets: pullSecrets }),
    ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
    ...(tolerations.length > 0 && { tolerations }),
    ...(affinity && { affinity }),
    securityContext: podSecurity(options, config),
    ...(initContainers.length > 0 && { initContainers }),
    containers: [...plan.containers],
    volumes: [
      ...work.volumes.filter(({ name }) =>
        work.mounts.some((mount) => mount.name === name && !taken.has(mount.mountPath)),
      ),
      ...configured.volumes,
    ],
  };
}

function joined(...all: readonly Mounts[]): Mounts {
  return { volumes: all.flatMap(({ volumes }) => volumes), mounts: all.flatMap(({ mounts }) => mounts) };
}

function pullSecretsOf(options: JobOptions, { imagePullSecret = [] }: ExecutorConfig): { name: string }[] {
  const own = imagePullSecret.flatMap(({ secretName, secretNameParameter }) => {
    const name = chosenName(secretNameParameter, secretName);
    return name === null ? [] : [name];
  });
  return [...new Set([...options.imagePullSecrets, ...own])].map((name) => ({ name }));
}

/** The shorter of the attempt's time-out and the platform spec's. */
function deadlineOf({ timeoutSeconds }: Attempt, config: ExecutorConfig): number | undefined {
  const given = [timeoutSeconds, config.activeDeadlineSeconds].filter(
    (seconds) => seconds !== undefined && seconds > 0,
  );
  // Kubernetes counts whole seconds.
  return given.length === 0 ? undefined : Math.ceil(Math.min(...given.map(Number)));
}
