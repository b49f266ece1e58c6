/** JSDoc comments as descriptions. */
import type { UserModule } from './user-module.ts';

/** Finds the JSDoc right before a node: only white space may stand between. */
export function documentationBefore(module: UserModule, start: number): string | undefined {
  const comment = module.comments.findLast(({ end }) => end <= start);
  if (comment === undefined || !comment.isDocumentation) return undefined;
  const between = module.source.text.slice(comment.end, start);
  return between.trim() === '' ? describe(comment.text) : undefined;
}

/** Makes a description of a JSDoc comment's inside: stars gone, lines joined, blank lines kept, tags left out. */
export function describe(comment: string): string | undefined {
  const lines = comment.split('\n').map((line) => line.replace(/^\s*\*+ ?/, '').trim());
  const tag = lines.findIndex((line) => line.startsWith('@'));
  const paragraphs = (tag < 0 ? lines : lines.slice(0, tag))
    .join('\n')
    .trim()
    .split(/\n{2,}/);
  const text = paragraphs.map((paragraph) => paragraph.replaceAll('\n', ' ')).join('\n');
  return text === '' ? undefined : text;
}
