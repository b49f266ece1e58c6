export { backendNotes, type Backend, type BackendNote } from './backend-notes.ts';
export {
  compilePipeline,
  type Compilation,
  type CompileRequest,
  type CompiledBundle,
  type SourcePlaces,
} from './compile-pipeline.ts';
export { findProject, type Project } from './project.ts';
