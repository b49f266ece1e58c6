export { collectGarbage, type GcOptions, type GcReport } from './gc/collect.ts';
export { openProjection, type Projection, type RunFilter, type RunSummary } from './runs/projection.ts';
export { openRoot, type Root, type RootOptions } from './root.ts';
