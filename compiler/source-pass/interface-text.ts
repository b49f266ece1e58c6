/** The part of a file that its components' interfaces can depend on. */
import { Visitor } from 'oxc-parser';
import { digestOf, type Digest } from '../../spec/index.ts';
import type { UserModule } from './user-module.ts';

interface Range {
  readonly start: number;
  readonly end: number;
}

/**
 * Digests a file without what no interface depends on: pipelines, and the bodies of components that say what they
 * return. What is required of pipelines stays. While the digest is the same, the interfaces are.
 */
export function interfaceDigest(module: UserModule): Digest {
  const ranges = [...bodies(module), ...pipelines(module)].sort((a, b) => a.start - b.start);
  const kept: string[] = [];
  let at = 0;
  for (const { start, end } of ranges) {
    if (start < at) continue;
    kept.push(module.source.text.slice(at, start));
    at = end;
  }
  kept.push(module.source.text.slice(at));
  kept.push(...module.required.map(({ text }) => text));
  return digestOf(JSON.stringify(kept));
}

function bodies({ components }: UserModule): Range[] {
  return components.flatMap(({ form, call }) => {
    const body = call.arguments[form === 'component' ? 1 : 0];
    const isFunction = body?.type === 'ArrowFunctionExpression' || body?.type === 'FunctionExpression';
    // What a container's function gives back says nothing of its interface.
    if (form === 'container') return isFunction && body.body !== null ? [body.body] : [];
    // Without an annotation, what the body returns decides whether one is missing.
    if (!isFunction || body.returnType === null || body.returnType === undefined) return [];
    return body.body?.type === 'BlockStatement' ? [body.body] : [];
  });
}

function pipelines({ program, names }: UserModule): Range[] {
  const found: Range[] = [];
  new Visitor({
    CallExpression: (call) => {
      if (names.calls(call) === 'pipeline') found.push(call);
    },
  }).visit(program);
  return found;
}
