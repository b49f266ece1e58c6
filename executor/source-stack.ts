/** Shows a component's stack by its sources: a bundle is all on a few lines. */
import { readFile } from 'node:fs/promises';
import { SourceMap, type SourceMapPayload } from 'node:module';

const frame = /\(?(?:file:\/\/)?[^\s(]*bundle\.mjs:(\d+):(\d+)\)?$/;

/**
 * Rewrites the frames of a stack that lie in a bundle, and shows the source line of the first. Without a source map
 * that can be read, the stack stays as it is.
 * @param files where the map may be, in order
 */
export async function sourceStack(stack: string, files: readonly string[]): Promise<string> {
  const payload = await readFirst(files);
  if (payload === undefined) return stack;
  const map = new SourceMap(payload);
  let shown = false;
  const lines = stack.split('\n').flatMap((line) => {
    const [text, row, column] = frame.exec(line) ?? [];
    if (text === undefined) return [line];
    const entry = map.findEntry(Number(row) - 1, Number(column) - 1);
    if (!('originalSource' in entry)) return [line];
    const at = entry.originalLine + 1;
    const place = `${plainSource(entry.originalSource)}:${at}:${entry.originalColumn + 1}`;
    const mapped = line.slice(0, line.length - text.length) + (text.startsWith('(') ? `(${place})` : place);
    if (shown) return [mapped];
    shown = true;
    return [mapped, ...sourceLine(payload, entry.originalSource, at)];
  });
  return lines.join('\n');
}

async function readFirst(files: readonly string[]): Promise<SourceMapPayload | undefined> {
  for (const file of files) {
    try {
      return JSON.parse(await readFile(file, 'utf8')) as SourceMapPayload;
    } catch {
      // Maps are a comfort: a missing or damaged one is no error of the task's.
    }
  }
  return undefined;
}

/** A source's path without the namespace that a build plugin put before it. */
function plainSource(source: string): string {
  return source.replace(/^[\w-]+:(?!\/)/, '');
}

function sourceLine(payload: SourceMapPayload, source: string, line: number): string[] {
  const content: string | undefined = payload.sourcesContent[payload.sources.indexOf(source)];
  const text = content?.split('\n')[line - 1];
  return text === undefined ? [] : [`      ${line} | ${text.trim()}`];
}
