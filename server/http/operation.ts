/** One call of the API: what it takes, what it answers, who may make it. */
import type { z } from '@hono/zod-openapi';
import type { Principal } from './access.ts';

type Shape = z.ZodObject;

interface Call<P, Q, B> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly who: Principal;
  /** The request itself, for bodies that are no JSON. */
  readonly request: Request;
  /** Names what the call was about, for the audit. */
  readonly concerns: (namespace: string, resource: string) => void;
}

interface Facts {
  /** As in KFP's generated clients, such as `run_service_list_runs`. */
  readonly id: string;
  readonly method: 'get' | 'post' | 'delete' | 'patch';
  /** As KFP writes it, such as `/apis/v2beta1/runs/{run_id}:terminate`. */
  readonly path: string;
  readonly summary: string;
  /** @default true */
  readonly needsToken?: boolean;
  /** Whether it changes something: it goes into the audit. @default for all methods but GET */
  readonly audited?: boolean;
  readonly upload?: true;
}

/** An operation whose schemas are known to its handler alone. */
export interface Operation extends Facts {
  readonly params: Shape | undefined;
  readonly query: Shape | undefined;
  readonly body: z.ZodType | undefined;
  /** A schema of its JSON, or the media type of what is no JSON. */
  readonly answer: z.ZodType | string;
  readonly handle: (call: Call<unknown, unknown, unknown>) => Promise<unknown>;
}

interface Typed<P extends Shape, Q extends Shape, B extends z.ZodType, A extends z.ZodType> extends Facts {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: A;
  readonly handle: (call: Call<z.infer<P>, z.infer<Q>, z.infer<B>>) => Promise<z.input<A>>;
}

/** Declares an operation that answers in JSON. */
export function operation<
  P extends Shape = Shape,
  Q extends Shape = Shape,
  B extends z.ZodType = z.ZodUndefined,
  A extends z.ZodType = z.ZodObject,
>(typed: Typed<P, Q, B, A>): Operation {
  const { params, query, body, handle, ...rest } = typed;
  return {
    ...rest,
    params,
    query,
    body,
    // Whoever calls it has parsed the three by these very schemas.
    handle: (call) => handle(call as Call<z.infer<P>, z.infer<Q>, z.infer<B>>),
  };
}

interface Streamed<P extends Shape, Q extends Shape> extends Facts {
  readonly params?: P;
  readonly query?: Q;
  /** A media type. */
  readonly answer: string;
  readonly handle: (call: Call<z.infer<P>, z.infer<Q>, undefined>) => Promise<Response>;
}

/** Declares an operation that answers with bytes. */
export function streamed<P extends Shape = Shape, Q extends Shape = Shape>(typed: Streamed<P, Q>): Operation {
  const { params, query, handle, ...rest } = typed;
  return {
    ...rest,
    params,
    query,
    body: undefined,
    handle: (call) => handle(call as Call<z.infer<P>, z.infer<Q>, undefined>),
  };
}
