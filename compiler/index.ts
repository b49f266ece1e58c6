export { backendNotes } from './backend-notes.ts';
export { compilePipeline, type Compilation } from './compile-pipeline.ts';
