/** The component files of KFP 1, which are no messages of protobuf. Source: kfp/dsl/v1_structures.py. */
import { listOf, message, type Kind, type Messages } from './message.ts';

/** A text, or a map of one entry that is a placeholder. */
const items: Kind = { listOf: 'value' };
const texts: Kind = { mapOf: 'string' };

export const componentV1Messages: Messages = {
  ComponentV1: {
    fields: {
      name: 'string',
      description: 'string',
      metadata: message('MetadataV1'),
      inputs: listOf('InputV1'),
      outputs: listOf('OutputV1'),
      implementation: message('ImplementationV1'),
      version: 'string',
    },
    required: ['implementation'],
  },
  MetadataV1: { fields: { annotations: texts, labels: texts } },
  InputV1: {
    fields: {
      name: 'string',
      type: 'value',
      description: 'string',
      default: 'value',
      optional: 'bool',
      annotations: 'object',
    },
    required: ['name'],
  },
  OutputV1: {
    fields: { name: 'string', type: 'value', description: 'string', annotations: 'object' },
    required: ['name'],
  },
  ImplementationV1: {
    fields: { container: message('ContainerV1'), graph: 'object' },
    exclusive: [['container', 'graph']],
  },
  ContainerV1: {
    fields: { image: 'string', command: items, args: items, env: texts, fileOutputs: texts },
    required: ['image'],
  },
};
