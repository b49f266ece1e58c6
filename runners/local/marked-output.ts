/** The output of one task out of a process that runs many: a worker ends each task's output with two marks. */

export interface MarkedOutput {
  take(chunk: Buffer): void;
  /** Gives out what was held back, once no more can come. */
  end(): void;
  /** Whether both marks have come. */
  readonly isWhole: boolean;
}

const markStart = 0x1e;

/**
 * Passes a stream on without its marks, which may come in any order (one is written to standard output, one to
 * standard error) and in pieces.
 */
export function markedOutput(marks: readonly [string, string], print: (chunk: Buffer) => void): MarkedOutput {
  const awaited = new Set(marks.map((mark) => Buffer.from(mark)));
  let held: Buffer = Buffer.alloc(0);
  const emit = (piece: Buffer): void => {
    if (piece.length > 0) print(piece);
  };
  return {
    take(chunk) {
      let rest = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      for (;;) {
        const start = rest.indexOf(markStart);
        if (start < 0) break;
        emit(rest.subarray(0, start));
        rest = rest.subarray(start);
        const mark = [...awaited].find((candidate) => startsWith(rest, candidate));
        if (mark !== undefined) {
          awaited.delete(mark);
          rest = rest.subarray(mark.length);
        } else if ([...awaited].some((candidate) => startsWith(candidate, rest))) {
          held = Buffer.from(rest);
          return;
        } else {
          emit(rest.subarray(0, 1));
          rest = rest.subarray(1);
        }
      }
      held = Buffer.alloc(0);
      emit(rest);
    },
    end() {
      emit(held);
      held = Buffer.alloc(0);
    },
    get isWhole() {
      return awaited.size === 0;
    },
  };
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.length >= start.length && bytes.subarray(0, start.length).equals(start);
}
