/** PipelineSpec, its components and its tasks. */
import { listOf, mapOf, message, strings, type Kind, type Messages } from './message.ts';

const parameterType: Kind = {
  oneOfTexts: [
    'PARAMETER_TYPE_ENUM_UNSPECIFIED', 'NUMBER_DOUBLE', 'NUMBER_INTEGER', 'STRING', 'BOOLEAN', 'LIST', 'STRUCT', 'TASK_FINAL_STATUS',
    'TASK_CONFIG',
  ],
}; // prettier-ignore

const primitiveType: Kind = { oneOfTexts: ['PRIMITIVE_TYPE_UNSPECIFIED', 'INT', 'DOUBLE', 'STRING'] };

export const pipelineMessages: Messages = {
  PipelineSpec: {
    fields: {
      pipelineInfo: message('PipelineInfo'),
      deploymentSpec: { structOf: 'DeploymentSpec' },
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
      singlePlatformSpecs: listOf('SinglePlatformSpec'),
      taskConfigPassthroughs: listOf('TaskConfigPassthrough'),
    },
    exclusive: [['dag', 'executorLabel']],
  },
  TaskConfigPassthrough: {
    fields: {
      field: {
        oneOfTexts: [
          'NONE', 'RESOURCES', 'ENV', 'KUBERNETES_AFFINITY', 'KUBERNETES_TOLERATIONS', 'KUBERNETES_NODE_SELECTOR', 'KUBERNETES_VOLUMES',
        ],
      },
      applyToTask: 'bool',
    },
  }, // prettier-ignore
  InputDefinitions: { fields: { parameters: mapOf('InputParameter'), artifacts: mapOf('InputArtifact') } },
  InputParameter: {
    fields: {
      parameterType,
      type: primitiveType,
      defaultValue: 'value',
      isOptional: 'bool',
      description: 'string',
      literals: { listOf: 'value' },
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
  OutputParameter: { fields: { parameterType, type: primitiveType, description: 'string' } },
  OutputArtifact: {
    fields: {
      artifactType: message('ArtifactTypeSchema'),
      properties: mapOf('ValueOrRuntimeParameter'),
      customProperties: mapOf('ValueOrRuntimeParameter'),
      metadata: 'object',
      isArtifactList: 'bool',
      description: 'string',
    },
  },
  ValueOrRuntimeParameter: {
    fields: { constant: 'value', constantValue: message('PrimitiveValue'), runtimeParameter: 'string' },
    exclusive: [['constant', 'constantValue', 'runtimeParameter']],
  },
  PrimitiveValue: {
    fields: { intValue: 'int64', doubleValue: 'double', stringValue: 'string' },
    exclusive: [['intValue', 'doubleValue', 'stringValue']],
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
  TaskInfo: { fields: { name: 'string', taskName: 'string' }, beyond: ['taskName'] },
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
};
