export { tokenLine } from './http/access.ts';
export type { Bench, ServerDatabase, ServerParts } from './parts.ts';
export { startServer, type RunningServer } from './server.ts';
