export * from './drive.ts';
export * from './cache/explain.ts';
export type { FieldDifference } from './cache/field-differences.ts';
export * from './cache/fingerprint.ts';
export * from './plan.ts';
export * from './ports.ts';
export * from './request.ts';
