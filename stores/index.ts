export { collectGarbage } from './gc/collect.ts';
export { openProjection, type RunSummary } from './runs/projection.ts';
export { openRoot, type Root, type RootOptions } from './root.ts';
export {
  keepScheduledPipeline,
  readScheduledPipeline,
  removeScheduledPipeline,
} from './scheduled-pipelines.ts';
