/**
 * The messages of KFP's proto files as data: what fields there are, of what kind. The schemas that check every document are made from
 * this one table, and a test holds it against the descriptors of the packages kfp and kfp-kubernetes.
 * Sources: api/v2alpha1/pipeline_spec.proto and kubernetes_platform/proto of Kubeflow Pipelines.
 */
import { componentV1Messages } from './schema/component-v1.ts';
import { deploymentMessages } from './schema/deployment.ts';
import { executorMessages } from './schema/executor.ts';
import { kubernetesMessages } from './schema/kubernetes.ts';
import type { Messages } from './schema/message.ts';
import { pipelineMessages } from './schema/pipeline.ts';
import { platformMessages } from './schema/platform.ts';

export type { Kind, Message, ScalarKind } from './schema/message.ts';

export const messages: Messages = {
  ...pipelineMessages,
  ...deploymentMessages,
  ...platformMessages,
  ...kubernetesMessages,
  ...executorMessages,
  ...componentV1Messages,
};
