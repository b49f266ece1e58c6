/** Builds, differentiates, trains, cuts and joins ONNX graphs, and runs them on ONNX Runtime. */
export { blockBoundaries } from './blocks.ts';
export { graphBuilder, type AttributeValues, type GraphBuilder, type Value } from './builder.ts';
export { checkModel } from './check.ts';
export { cutModel, withConstants } from './cut.ts';
export { differentiableOperators, differentiate } from './differentiate.ts';
export { importModel, type ImportOptions } from './import-model.ts';
export { joinModels } from './join.ts';
export {
  modelOf,
  withAnyBatch,
  withMetadata,
  type Attribute,
  type Attributes,
  type Dim,
  type Graph,
  type Model,
  type Node,
  type ValueInfo,
} from './model.ts';
export { adam, sgd, type AdamOptions, type Optimizer, type Update } from './optimizers.ts';
export { chooseProvider, type Provider, type ProviderChoice } from './provider.ts';
export { readModel } from './read-model.ts';
export { floatOutput, openSession, type Data, type Session, type SessionOptions } from './session.ts';
export {
  elementTypes,
  floatsOf,
  floatTensor,
  integersOf,
  intTensor,
  sizeOf,
  type ConstantTensor,
  type ElementType,
} from './tensor.ts';
export { openTrainer, type Trainer, type TrainerState, type Tensors } from './trainer.ts';
export type { Pack, Parameter } from './packs.ts';
export { trainingStep, type Forward, type TrainingStep } from './training-step.ts';
export { writeModel } from './write-model.ts';
