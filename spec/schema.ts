/**
 * The messages of KFP's proto files as data: what fields there are, of what kind. The schemas that check every document are made from this one table.
 * Sources: api/v2alpha1/pipeline_spec.proto and kubernetes_platform/proto of Kubeflow Pipelines.
 */

export type ScalarKind =
  | 'string'
  | 'bool'
  | 'int32'
  | 'double'
  /** A whole number, as a text or as a number. */
  | 'int64'
  /** Seconds, such as `30s`. */
  | 'duration'
  /** Any JSON value. */
  | 'value'
  /** Any JSON object. */
  | 'object';

export type Kind =
  | ScalarKind
  | { readonly oneOfTexts: readonly string[] }
  | { readonly message: string }
  | { readonly mapOf: Kind }
  | { readonly listOf: Kind };

interface Message {
  readonly fields: Readonly<Record<string, Kind>>;
  readonly required?: readonly string[];
  /** At most one of each group may be set. */
  readonly exclusive?: readonly (readonly string[])[];
}

const strings: Kind = { listOf: 'string' };
const message = (name: string): Kind => ({ message: name });
const mapOf = (name: string): Kind => ({ mapOf: message(name) });
const listOf = (name: string): Kind => ({ listOf: message(name) });

const parameterType: Kind = {
  oneOfTexts: [
    'NUMBER_DOUBLE', 'NUMBER_INTEGER', 'STRING', 'BOOLEAN', 'LIST', 'STRUCT', 'TASK_FINAL_STATUS', 'TASK_CONFIG',
  ],
}; // prettier-ignore

export const messages: Readonly<Record<string, Message>> = {
  PipelineSpec: {
    fields: {
      pipelineInfo: message('PipelineInfo'),
      deploymentSpec: message('DeploymentSpec'),
      schemaVersion: 'string',
      sdkVersion: 'string',
      components: mapOf('ComponentSpec'),
      root: message('ComponentSpec'),
      defaultPipelineRoot: 'string',
    },
    required: ['pipelineInfo', 'deploymentSpec', 'schemaVersion', 'root'],
  },
  PipelineInfo: {
    fields: { name: 'string', displayName: 'string', description: 'string' },
    required: ['name'],
  },
  DeploymentSpec: { fields: { executors: mapOf('ExecutorSpec') } },
  ExecutorSpec: {
    fields: {
      container: message('ContainerSpec'),
      importer: message('ImporterSpec'),
      resolver: 'object',
      customJob: 'object',
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
      lifecycle: 'object',
    },
    required: ['image'],
  },
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
      properties: 'object',
      customProperties: 'object',
      metadata: 'object',
      reimport: 'bool',
      downloadToWorkspace: 'bool',
    },
    required: ['artifactUri', 'typeSchema'],
  },
  ValueOrRuntimeParameter: {
    fields: { constant: 'value', constantValue: 'object', runtimeParameter: 'string' },
    exclusive: [['constant', 'constantValue', 'runtimeParameter']],
  },
  ArtifactTypeSchema: {
    fields: { schemaTitle: 'string', schemaUri: 'string', instanceSchema: 'string', schemaVersion: 'string' },
    exclusive: [['schemaTitle', 'schemaUri', 'instanceSchema']],
  },
  ComponentSpec: {
    fields: {
      inputDefinitions: message('InputDefinitions'),
      outputDefinitions: message('OutputDefinitions'),
      dag: message('DagSpec'),
      executorLabel: 'string',
      singlePlatformSpecs: { listOf: 'object' },
      taskConfigPassthroughs: { listOf: message('TaskConfigPassthrough') },
    },
    exclusive: [['dag', 'executorLabel']],
  },
  TaskConfigPassthrough: { fields: { field: 'string', applyToTask: 'bool' } },
  InputDefinitions: { fields: { parameters: mapOf('InputParameter'), artifacts: mapOf('InputArtifact') } },
  InputParameter: {
    fields: {
      parameterType,
      type: 'string',
      defaultValue: 'value',
      isOptional: 'bool',
      description: 'string',
    },
  },
  InputArtifact: {
    fields: {
      artifactType: message('ArtifactTypeSchema'),
      isArtifactList: 'bool',
      isOptional: 'bool',
      description: 'string',
    },
  },
  OutputDefinitions: { fields: { parameters: mapOf('OutputParameter'), artifacts: mapOf('OutputArtifact') } },
  OutputParameter: { fields: { parameterType, type: 'string', description: 'string' } },
  OutputArtifact: {
    fields: {
      artifactType: message('ArtifactTypeSchema'),
      properties: 'object',
      customProperties: 'object',
      metadata: 'object',
      isArtifactList: 'bool',
      description: 'string',
    },
  },
  DagSpec: { fields: { tasks: mapOf('TaskSpec'), outputs: message('DagOutputs') } },
  DagOutputs: { fields: { parameters: mapOf('DagOutputParameter'), artifacts: mapOf('DagOutputArtifact') } },
  DagOutputParameter: {
    fields: {
      valueFromParameter: message('ParameterSelector'),
      valueFromOneof: message('ParameterSelectors'),
    },
    exclusive: [['valueFromParameter', 'valueFromOneof']],
  },
  ParameterSelectors: { fields: { parameterSelectors: listOf('ParameterSelector') } },
  ParameterSelector: {
    fields: { producerSubtask: 'string', outputParameterKey: 'string' },
    required: ['producerSubtask', 'outputParameterKey'],
  },
  DagOutputArtifact: {
    fields: { artifactSelectors: listOf('ArtifactSelector') },
    required: ['artifactSelectors'],
  },
  ArtifactSelector: {
    fields: { producerSubtask: 'string', outputArtifactKey: 'string' },
    required: ['producerSubtask', 'outputArtifactKey'],
  },
  TaskSpec: {
    fields: {
      taskInfo: message('TaskInfo'),
      componentRef: message('ComponentRef'),
      inputs: message('TaskInputs'),
      dependentTasks: strings,
      cachingOptions: message('CachingOptions'),
      triggerPolicy: message('TriggerPolicy'),
      retryPolicy: message('RetryPolicy'),
      parameterIterator: message('ParameterIterator'),
      artifactIterator: message('ArtifactIterator'),
      iteratorPolicy: message('IteratorPolicy'),
    },
    required: ['componentRef'],
    exclusive: [['parameterIterator', 'artifactIterator']],
  },
  TaskInfo: { fields: { name: 'string', taskName: 'string' } },
  ComponentRef: { fields: { name: 'string' }, required: ['name'] },
  TaskInputs: { fields: { parameters: mapOf('TaskInputParameter'), artifacts: mapOf('TaskInputArtifact') } },
  TaskInputParameter: {
    fields: {
      taskOutputParameter: message('TaskOutputParameter'),
      runtimeValue: message('ValueOrRuntimeParameter'),
      componentInputParameter: 'string',
      taskFinalStatus: message('TaskFinalStatus'),
      parameterExpressionSelector: 'string',
    },
    exclusive: [['taskOutputParameter', 'runtimeValue', 'componentInputParameter', 'taskFinalStatus']],
  },
  TaskOutputParameter: {
    fields: { producerTask: 'string', outputParameterKey: 'string' },
    required: ['producerTask', 'outputParameterKey'],
  },
  TaskFinalStatus: { fields: { producerTask: 'string' }, required: ['producerTask'] },
  TaskInputArtifact: {
    fields: { taskOutputArtifact: message('TaskOutputArtifact'), componentInputArtifact: 'string' },
    exclusive: [['taskOutputArtifact', 'componentInputArtifact']],
  },
  TaskOutputArtifact: {
    fields: { producerTask: 'string', outputArtifactKey: 'string' },
    required: ['producerTask', 'outputArtifactKey'],
  },
  CachingOptions: { fields: { enableCache: 'bool', cacheKey: 'string' } },
  TriggerPolicy: {
    fields: {
      condition: 'string',
      strategy: {
        oneOfTexts: [
          'TRIGGER_STRATEGY_UNSPECIFIED',
          'ALL_UPSTREAM_TASKS_SUCCEEDED',
          'ALL_UPSTREAM_TASKS_COMPLETED',
        ],
      },
    },
  },
  RetryPolicy: {
    fields: {
      maxRetryCount: 'int32',
      backoffDuration: 'duration',
      backoffFactor: 'double',
      backoffMaxDuration: 'duration',
    },
  },
  ParameterIterator: {
    fields: { items: message('ParameterItems'), itemInput: 'string' },
    required: ['items', 'itemInput'],
  },
  ParameterItems: {
    fields: { raw: 'string', inputParameter: 'string' },
    exclusive: [['raw', 'inputParameter']],
  },
  ArtifactIterator: {
    fields: { items: message('ArtifactItems'), itemInput: 'string' },
    required: ['items', 'itemInput'],
  },
  ArtifactItems: { fields: { inputArtifact: 'string' }, required: ['inputArtifact'] },
  IteratorPolicy: { fields: { parallelismLimit: 'int32' } },
  PlatformSpec: { fields: { platforms: { mapOf: message('SinglePlatformSpec') } }, required: ['platforms'] },
  SinglePlatformSpec: {
    fields: {
      deploymentSpec: message('PlatformDeployment'),
      platform: 'string',
      version: 'string',
      config: 'object',
      pipelineConfig: 'object',
    },
  },
  PlatformDeployment: { fields: { executors: { mapOf: 'object' } } },
};
