import type { ErrorCode } from './catalogue.ts';
import { formatPlace, formatSourceLine, type Location } from './location.ts';

/** What every coded error says: the fact, how to fix it, and where. */
export interface ErrorFacts {
  /** What is wrong, one sentence, naming the thing. */
  readonly problem: string;
  /** What the reader can do about it. */
  readonly fix?: string;
  /** Where it is wrong. */
  readonly at?: Location;
  /** The error underneath. */
  readonly cause?: unknown;
}

/** The common shape of all coded errors. */
export abstract class FerruleError extends Error {
  abstract readonly kind: 'user' | 'infrastructure' | 'internal';
  readonly code: ErrorCode;
  readonly problem: string;
  readonly fix: string | undefined;
  readonly at: Location | undefined;

  constructor(code: ErrorCode, facts: ErrorFacts) {
    super(facts.problem, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.name = new.target.name;
    this.code = code;
    this.problem = facts.problem;
    this.fix = facts.fix;
    this.at = facts.at;
  }
}

/** Something the user wrote or passed is wrong. Shown without a stack. */
export class UserError extends FerruleError {
  readonly kind = 'user';
}

/** Something outside the program failed: a disk, a network, a process. */
export class InfrastructureError extends FerruleError {
  readonly kind = 'infrastructure';
  /** Whether trying again may help. */
  readonly retryable: boolean;

  constructor(code: ErrorCode, facts: ErrorFacts & { readonly retryable: boolean }) {
    super(code, facts);
    this.retryable = facts.retryable;
  }
}

/** Ferrule itself is wrong. */
export class InternalError extends FerruleError {
  readonly kind = 'internal';
}

/** Several user errors found in one go. */
export class UserErrors extends Error {
  readonly errors: readonly UserError[];

  constructor(errors: readonly UserError[]) {
    super(errors.map((error) => formatError(error)).join('\n\n'));
    this.name = 'UserErrors';
    this.errors = errors;
  }
}

/** Writes an error as a terminal shows it: code, fact, place with its line, fix. No colours. */
export function formatError(error: FerruleError): string {
  const lines = [`${error.code}  ${error.problem}`];
  if (error.at !== undefined) {
    lines.push(`  at ${formatPlace(error.at)}`);
    const source = formatSourceLine(error.at);
    if (source !== '') lines.push(source);
  }
  if (error.fix !== undefined) lines.push(`  fix: ${error.fix}`);
  if (error.kind === 'internal')
    lines.push('  this is a fault in Ferrule: please report it', error.stack ?? '');
  return lines.join('\n');
}

/** Tells the message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
