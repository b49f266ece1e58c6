export { backendNotes, type Backend } from './backends/backend-notes.ts';
export { readPins, writePins } from './bundle/base-pins.ts';
export type { NativePackage } from './bundle/bundle-components.ts';
export { pinBases, readDockerfile, type BuildArguments } from './bundle/dockerfile.ts';
export { recordImage } from './bundle/image-records.ts';
export { nodeImage } from './bundle/lightweight.ts';
export {
  dependencyNames,
  nameAt,
  readLockfile,
  resolvePlace,
  type LockedPackage,
  type Lockfile,
} from './bundle/lockfile.ts';
export { dockerfileOf, imageName, projectFiles } from './bundle/recipe.ts';
export { compilePipeline, type Compilation } from './compile-pipeline.ts';
export type { ComponentImage } from './lower/container-writer.ts';
export { ownPackage } from './own-package.ts';
