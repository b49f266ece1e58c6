export * from './component-identity.ts';
export * from './digest.ts';
export * from './executor-io.ts';
export * from './json.ts';
export * from './names.ts';
export * from './pipeline-spec.ts';
export * from './platform-spec.ts';
export * from './payload.ts';
