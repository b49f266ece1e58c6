/** Which computations are under way, among runs that one process drives: of equal tasks only one runs. */

/** How a flight ended. `unkept`: it succeeded, and its result is not in the cache. */
export type Landing = 'kept' | 'unkept' | 'failed';

export interface Flight {
  /** Lets go of the computation. Called once it is over, however it ended; calls after the first do nothing. */
  land(how: Landing): void;
}

export type Claim =
  | { readonly kind: 'mine'; readonly flight: Flight }
  /** Another task computes the same. */
  | { readonly kind: 'taken'; readonly landed: Promise<Landing> };

export interface Flights {
  /** Claims a computation by its fingerprint. */
  claim(fingerprint: string): Claim;
}

/** Makes flights, with none under way. */
export function createFlights(): Flights {
  const underWay = new Map<string, Promise<Landing>>();
  return {
    claim(fingerprint) {
      const other = underWay.get(fingerprint);
      if (other !== undefined) return { kind: 'taken', landed: other };
      let land: Flight['land'] = () => undefined;
      const landed = new Promise<Landing>((resolve) => {
        land = (how) => {
          if (underWay.get(fingerprint) === landed) underWay.delete(fingerprint);
          resolve(how);
        };
      });
      underWay.set(fingerprint, landed);
      return { kind: 'mine', flight: { land: (how) => land(how) } };
    },
  };
}
