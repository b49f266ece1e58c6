export { catalogue, type ErrorCode } from './catalogue.ts';
export { TaskError } from './task-error.ts';
export {
  FerruleError,
  InfrastructureError,
  InternalError,
  UserError,
  UserErrors,
  formatError,
  messageOf,
  type ErrorFacts,
} from './ferrule-error.ts';
export { compareLocations, type Location } from './location.ts';
