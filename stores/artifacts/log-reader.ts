/** Reads the log of an attempt while it grows. */
export interface LogReader {
  /** Gives the lines that came since the last call, each with its break; undefined while there is no log. */
  next(): Promise<string | undefined>;
}
