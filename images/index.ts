export type { BuildProgress } from './build-progress.ts';
export { credentialsFor } from './credentials.ts';
export { connectEngine } from './engine.ts';
export { planImages, type ImagePlan, type Variant } from './image-plan.ts';
export { basesOf, makeImages, requirePushablePlans, type MadeImage } from './make-images.ts';
export { planRuntimeImage, planServerImage } from './runtime-image.ts';
export { findDigests } from './update-bases.ts';
