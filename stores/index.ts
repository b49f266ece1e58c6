export { collectGarbage } from './gc/collect.ts';
export { openProjection, type RunSummary } from './runs/projection.ts';
export {
  keepResult,
  readAssignment,
  stageIn,
  stageOut,
  type StageOutOptions,
} from './artifacts/attempt-staging.ts';
export { parseAttemptFolder } from './artifacts/attempt-folder.ts';
export type { LogReader } from './artifacts/log-reader.ts';
export { openRoot, type Root, type RootOptions } from './root.ts';
