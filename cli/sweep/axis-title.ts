/** Fits text into the room beside its neighbours. There is no page to measure on: widths are estimates, rather too wide. */

/** Lines of a title. */
const mostLines = 4;

/** Estimates how wide a text is, in pixels. @param size of the font, in pixels */
export function widthOf(text: string, size: number): number {
  return Array.from(text).reduce((sum, letter) => sum + size * shareOf(letter), 0);
}

/** The width of a letter beside the size of its font. */
function shareOf(letter: string): number {
  if (/[ijl.,:;'|()[\] ]/.test(letter)) return 0.4;
  if (/[mwMW@%]/.test(letter)) return 0.98;
  if (/[A-Z_]/.test(letter)) return 0.75;
  return letter < '\u1100' || letter === '…' ? 0.64 : 1.1;
}

/** Shortens a text in its middle, so that names with the same beginning stay apart. */
export function shortened(text: string, width: number, size: number): string {
  if (widthOf(text, size) <= width) return text;
  const letters = Array.from(text);
  for (let kept = letters.length - 1; kept > 1; kept--) {
    const head = Math.ceil(kept / 2);
    const short = `${letters.slice(0, head).join('')}…${letters.slice(letters.length - (kept - head)).join('')}`;
    if (widthOf(short, size) <= width) return short;
  }
  return '…';
}

/** Breaks a name into at most four lines, behind its dots, dashes and underscores where it can. */
export function titleLines(name: string, width: number, size: number): readonly string[] {
  const pieces = name.split(/(?<=[_.\-/\s])|(?<=[a-z0-9])(?=[A-Z])|(?=\()/);
  const lines: string[] = [];
  for (const piece of pieces) {
    const joined = `${lines.at(-1) ?? ''}${piece}`;
    if (lines.length > 0 && widthOf(joined.trimEnd(), size) <= width) lines[lines.length - 1] = joined;
    else lines.push(shortened(piece, width, size));
  }
  const trimmed = lines.map((line) => line.trim()).filter((line) => line !== '');
  if (trimmed.length <= mostLines) return trimmed;
  return [trimmed[0] ?? '', trimmed[1] ?? '', '…', trimmed.at(-1) ?? ''];
}
