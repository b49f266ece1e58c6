/** What executors run: PipelineDeploymentConfig. It travels as a plain JSON object. */
import { listOf, mapOf, message, strings, type Messages } from './message.ts';

export const deploymentMessages: Messages = {
  DeploymentSpec: { fields: { executors: mapOf('ExecutorSpec') } },
  ExecutorSpec: {
    fields: {
      container: message('ContainerSpec'),
      importer: message('ImporterSpec'),
      resolver: message('ResolverSpec'),
      customJob: message('CustomJobSpec'),
    },
    exclusive: [['container', 'importer', 'resolver', 'customJob']],
  },
  ContainerSpec: {
    fields: {
      image: 'string',
      command: strings,
      args: strings,
      env: listOf('EnvVar'),
      resources: message('ResourceSpec'),
      lifecycle: message('Lifecycle'),
    },
    required: ['image'],
  },
  Lifecycle: { fields: { preCacheCheck: message('LifecycleExec') } },
  LifecycleExec: { fields: { command: strings, args: strings } },
  EnvVar: { fields: { name: 'string', value: 'string' }, required: ['name'] },
  ResourceSpec: {
    fields: {
      cpuLimit: 'double',
      cpuRequest: 'double',
      memoryLimit: 'double',
      memoryRequest: 'double',
      resourceCpuLimit: 'string',
      resourceCpuRequest: 'string',
      resourceMemoryLimit: 'string',
      resourceMemoryRequest: 'string',
      accelerator: message('AcceleratorSpec'),
    },
  },
  AcceleratorSpec: {
    fields: { type: 'string', count: 'int64', resourceType: 'string', resourceCount: 'string' },
  },
  ImporterSpec: {
    fields: {
      artifactUri: message('ValueOrRuntimeParameter'),
      typeSchema: message('ArtifactTypeSchema'),
      properties: mapOf('ValueOrRuntimeParameter'),
      customProperties: mapOf('ValueOrRuntimeParameter'),
      metadata: 'object',
      reimport: 'bool',
      downloadToWorkspace: 'bool',
    },
    required: ['artifactUri', 'typeSchema'],
  },
  ResolverSpec: { fields: { outputArtifactQueries: mapOf('ArtifactQuery') } },
  ArtifactQuery: { fields: { filter: 'string', limit: 'int32' } },
  CustomJobSpec: { fields: { customJob: 'object' } },
};
