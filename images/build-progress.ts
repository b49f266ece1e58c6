/** What there is to tell while images are built and pushed. */

export type BuildProgress = { readonly image: string } &
  /** An instruction of the Dockerfile begins. */
  (
    | { readonly kind: 'step'; readonly number: number; readonly of: number; readonly instruction: string }
    /** The engine had the step's layer already. */
    | { readonly kind: 'cached' }
    /** A line that a step printed. */
    | { readonly kind: 'output'; readonly line: string }
    /** Layers on their way: bytes that are there, of those that are known of. */
    | {
        readonly kind: 'transfer';
        readonly doing: 'pulling' | 'pushing';
        readonly done: number;
        readonly of: number;
      }
  );

export type OnProgress = (progress: BuildProgress) => void;

/** One message of the engine's stream, as far as it is read. */
export interface EngineMessage {
  readonly stream?: string;
  readonly status?: string;
  readonly id?: string;
  readonly progressDetail?: { readonly current?: number; readonly total?: number };
  readonly error?: string;
  readonly errorDetail?: { readonly message?: string; readonly code?: number };
  readonly aux?: { readonly ID?: string; readonly Digest?: string };
}

/** Adds up the layers of one image that are pulled or pushed. */
export class Transfers {
  readonly #layers = new Map<string, { done: number; of: number }>();

  /** Takes a message; tells whether anything changed. */
  take({ id, status, progressDetail }: EngineMessage): boolean {
    if (id === undefined) return false;
    const { current, total } = progressDetail ?? {};
    const known = this.#layers.get(id);
    if (current !== undefined && (status === 'Pushing' || status === 'Downloading')) {
      // The engine's figure may pass what it said to be the whole.
      this.#layers.set(id, { done: current, of: Math.max(total ?? 0, current) });
      return true;
    }
    if (known === undefined || !/^(?:Pushed|Download complete|Pull complete)$/.test(status ?? ''))
      return false;
    known.done = known.of;
    return true;
  }

  get done(): number {
    return [...this.#layers.values()].reduce((sum, layer) => sum + layer.done, 0);
  }

  get of(): number {
    return [...this.#layers.values()].reduce((sum, layer) => sum + layer.of, 0);
  }
}
