export { resolveContainer, type ResolvedContainer } from './resolve-container.ts';
export { runFact } from './run-facts.ts';
export type { ResolvedResources } from './resources.ts';
export { valueText } from './value-text.ts';
