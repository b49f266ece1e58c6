/** What an interpreter process tells: lines of JSON, some of them followed by what a task printed. */

/** What is there to run tasks in. */
export interface Holdings {
  /** Such as `CPython 3.11.7 linux-x86_64`. */
  readonly interpreter: string;
  /** Versions of its packages by name. */
  readonly packages: Readonly<Record<string, string>>;
  /** Packages whose content can change without their version: installed for editing. */
  readonly loose: readonly string[];
}

export type Frame =
  | ({ readonly kind: 'here' } & Holdings)
  | { readonly kind: 'ready' }
  /** It cannot import what runs components. */
  | { readonly kind: 'broken'; readonly words: string; readonly module: string | null }
  | { readonly kind: 'started'; readonly task: number; readonly pid: number }
  | { readonly kind: 'output'; readonly task: number; readonly bytes: number }
  | { readonly kind: 'ended'; readonly task: number; readonly code?: number; readonly signal?: string };

/** Takes a stream apart. @param take is called with each frame, and with its bytes where it has any */
export function frameReader(take: (frame: Frame, content: Buffer) => void): (chunk: Buffer) => void {
  let held: Buffer[] = [];
  let length = 0;
  /** Bytes that must be there before there is anything to do. */
  let needed = 1;
  return (chunk) => {
    held.push(chunk);
    length += chunk.length;
    if (length < needed) return;
    let bytes = Buffer.concat(held);
    needed = 1;
    for (;;) {
      const end = bytes.indexOf(0x0a);
      if (end < 0) break;
      // What the interpreter writes is of this form.
      const frame = JSON.parse(bytes.toString('utf8', 0, end)) as Frame;
      const size = frame.kind === 'output' ? frame.bytes : 0;
      if (bytes.length < end + 1 + size) {
        needed = end + 1 + size;
        break;
      }
      take(frame, bytes.subarray(end + 1, end + 1 + size));
      bytes = bytes.subarray(end + 1 + size);
    }
    held = [bytes];
    length = bytes.length;
  };
}
