export * from './drive.ts';
export * from './explain.ts';
export type { FieldDifference } from './field-differences.ts';
export * from './fingerprint.ts';
export * from './plan.ts';
export * from './ports.ts';
export * from './request.ts';
