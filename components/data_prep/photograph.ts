/** A picture that can be used: readable, and in a class. */
export interface Photograph {
  /** Path in the location, `<class>/.../<file>`. */
  readonly path: string;
  /** Name of its folder at the top of the location. */
  readonly className: string;
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly digest: string;
  /** Where its bytes lie on this machine. */
  readonly file: string;
  /** Bytes. */
  readonly size: number;
}

/** A file that was not used, and why. */
export interface LeftOut {
  readonly path: string;
  readonly reason: string;
}

/** What came of looking at one file. */
export type Finding =
  | ({ readonly kind: 'photograph' } & Photograph)
  | ({ readonly kind: 'left out' } & LeftOut);

/** The three parts of the data, in the order they are shown. */
export const parts = ['train', 'validation', 'test'] as const;

export type Part = (typeof parts)[number];

/** A photograph and the part it fell into. */
export interface Placed {
  readonly photograph: Photograph;
  readonly part: Part;
}
