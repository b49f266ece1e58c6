/** The second document of a compiled pipeline: PlatformSpec. */
import { mapOf, message, type Messages } from './message.ts';

export const platformMessages: Messages = {
  PlatformSpec: { fields: { platforms: mapOf('SinglePlatformSpec') }, required: ['platforms'] },
  SinglePlatformSpec: {
    fields: {
      deploymentSpec: message('PlatformDeployment'),
      platform: 'string',
      version: 'string',
      config: 'object',
      pipelineConfig: message('PipelineConfig'),
    },
    beyond: ['version'],
  },
  PlatformDeployment: { fields: { executors: { mapOf: 'object' } } },
  PipelineConfig: {
    fields: {
      resourceTtlOnCompletion: 'int32',
      resourceTtlOnSuccess: 'int32',
      resourceTtlOnFailure: 'int32',
      activeDeadlineSeconds: 'int32',
      workspace: message('WorkspaceConfig'),
    },
  },
  WorkspaceConfig: { fields: { size: 'string', kubernetes: message('KubernetesWorkspaceConfig') } },
  KubernetesWorkspaceConfig: { fields: { pvcSpecPatch: 'object' } },
};
