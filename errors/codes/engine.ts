/** FER4xxx: planning and running a spec. */
export const engineCodes = {
  FER4000: 'The engine met a state that must not be',
  FER4001: 'The pipeline uses something that this engine does not run yet',
  FER4002: 'The graph of a pipeline does not hold together',
  FER4003: 'No such run or task',
  FER4004: 'A run id is malformed or taken',
  FER4005: 'Another driver took the run over',
  FER4006: 'A name in the spec cannot be a part of a path',
  FER4007: 'A task lacks a value that it needs',
  FER4008: 'The cache cannot be read or written; the task ran as on a miss',
  FER4009: 'Outside data cannot be digested',
  FER4010: 'A component gave a value of the wrong type, or no value',
  FER4011: 'An input of a task was changed or lost after it was made',
  FER4012: 'An attempt ended without a result under the pipeline root',
  FER4013: 'The platform took every attempt of a task away',
} as const;
