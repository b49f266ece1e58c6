/** What executors are given and give back: ExecutorInput, ExecutorOutput and the status of a task that has ended. */
import { mapOf, message, type Kind, type Messages } from './message.ts';

const values: Kind = { mapOf: 'value' };

export const executorMessages: Messages = {
  ExecutorInput: { fields: { inputs: message('ExecutorInputs'), outputs: message('ExecutorOutputs') } },
  ExecutorInputs: {
    fields: {
      parameters: mapOf('PrimitiveValue'),
      artifacts: mapOf('ArtifactList'),
      parameterValues: values,
    },
  },
  ExecutorOutputs: {
    fields: {
      parameters: mapOf('OutputFile'),
      artifacts: mapOf('ArtifactList'),
      outputFile: 'string',
    },
  },
  OutputFile: { fields: { outputFile: 'string' } },
  ArtifactList: { fields: { artifacts: { listOf: message('RuntimeArtifact') } } },
  RuntimeArtifact: {
    fields: {
      name: 'string',
      type: message('ArtifactTypeSchema'),
      uri: 'string',
      properties: mapOf('PrimitiveValue'),
      customProperties: mapOf('PrimitiveValue'),
      metadata: 'object',
      customPath: 'string',
    },
    explicit: ['customPath'],
  },
  ExecutorOutput: {
    fields: {
      parameters: mapOf('PrimitiveValue'),
      artifacts: mapOf('ArtifactList'),
      parameterValues: values,
    },
  },
  PipelineTaskFinalStatus: {
    fields: {
      state: 'string',
      error: message('Status'),
      pipelineJobUuid: 'int64',
      pipelineJobName: 'string',
      pipelineJobResourceName: 'string',
      pipelineTaskName: 'string',
    },
  },
  Status: { fields: { code: 'int32', message: 'string', details: { listOf: 'value' } } },
};
