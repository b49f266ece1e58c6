/** Collects what is wrong with a source, so that a compile reports all of it at once. */
import { UserError, UserErrors, compareLocations, type ErrorCode, type ErrorFacts } from '../errors/index.ts';

export class Diagnostics {
  readonly #errors: UserError[] = [];
  readonly #seen = new Set<string>();

  /** Records an error; the same one at the same place counts once. */
  add(code: ErrorCode, facts: ErrorFacts): void {
    this.take(new UserError(code, facts));
  }

  take(error: UserError): void {
    const { file, line, column } = error.at ?? { file: '' };
    const key = JSON.stringify([error.code, file, line, column, error.problem]);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#errors.push(error);
  }

  /** Hands all that was found to another collection. */
  passTo(other: Diagnostics): void {
    for (const error of this.#errors) other.take(error);
  }

  /** How many were found. */
  get count(): number {
    return this.#errors.length;
  }

  get empty(): boolean {
    return this.#errors.length === 0;
  }

  /** Whether one of some codes was found. */
  has(...codes: readonly ErrorCode[]): boolean {
    return this.#errors.some(({ code }) => codes.includes(code));
  }

  /** Throws what was found, in the order of files and lines, where anything was. */
  throwAny(): void {
    if (this.empty) return;
    throw new UserErrors([...this.#errors].sort((a, b) => compareLocations(a.at, b.at)));
  }
}
