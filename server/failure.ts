/** What a request can be refused with: gRPC's codes, as KFP's gateway turns them into HTTP. */
import { FerruleError, UserErrors } from '../errors/index.ts';

const statuses = {
  invalid: { code: 3, http: 400 },
  'too-large': { code: 3, http: 413 },
  'not-found': { code: 5, http: 404 },
  exists: { code: 6, http: 409 },
  forbidden: { code: 7, http: 403 },
  'too-many': { code: 8, http: 429 },
  'not-now': { code: 9, http: 400 },
  unimplemented: { code: 12, http: 501 },
  internal: { code: 13, http: 500 },
  unavailable: { code: 14, http: 503 },
  unauthenticated: { code: 16, http: 401 },
} as const;

export type RefusalKind = keyof typeof statuses;

/** A request that is refused, with the words for its caller. */
export class Refusal extends Error {
  readonly kind: RefusalKind;

  constructor(kind: RefusalKind, message: string) {
    super(message);
    this.kind = kind;
  }

  get code(): number {
    return statuses[this.kind].code;
  }

  get http(): (typeof statuses)[RefusalKind]['http'] {
    return statuses[this.kind].http;
  }
}

/** Makes a refusal of anything thrown; undefined where it is no fault of the request. */
export function refusalOf(thrown: unknown): Refusal | undefined {
  if (thrown instanceof Refusal) return thrown;
  if (thrown instanceof UserErrors) return new Refusal('invalid', thrown.errors.map(wordsOf).join('; '));
  if (!(thrown instanceof FerruleError)) return undefined;
  if (thrown.kind === 'user') return new Refusal('invalid', wordsOf(thrown));
  return thrown.kind === 'infrastructure' ? new Refusal('unavailable', wordsOf(thrown)) : undefined;
}

/** A coded error in one line, without the place in a document that its sender knows better. */
function wordsOf({ code, problem, fix, at }: FerruleError): string {
  const place = at?.line === undefined ? '' : ` (line ${at.line})`;
  return `${code} ${problem}${place}${fix === undefined ? '' : `; ${fix}`}`;
}

/** The body of an answer that refuses: `error` is what gateways before version 2 said. */
export function refusalBody({ code, message }: Refusal): object {
  const detail = { '@type': 'type.googleapis.com/google.rpc.Status', code, message };
  return { error: message, code, message, details: [detail] };
}
