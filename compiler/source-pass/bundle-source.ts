/**
 * Rewrites a user's file for a component's bundle: every component call may be dropped where it is not the one that
 * is bundled, options (which say how to run it, not what it computes) and pipelines go.
 */
import { MagicString } from 'magic-string';
import { Visitor } from 'oxc-parser';
import { markImports, markPureInitialisers } from './droppable.ts';
import type { UserModule } from './user-module.ts';

/** Rewrites a module for bundling. The result is TypeScript still. */
export function bundleSource(module: UserModule): MagicString {
  const { source, components, names } = module;
  const code = new MagicString(source.text, { filename: source.path });
  for (const { form, call } of components) {
    const options = call.arguments[0];
    code.appendLeft(call.start, '/* @__PURE__ */ ');
    if (form !== 'component') code.overwrite(call.start, call.end, 'void 0');
    else if (options !== undefined) code.overwrite(options.start, options.end, '{}');
  }
  markImports(module, code);
  new Visitor({
    CallExpression: (call) => {
      if (names.calls(call) === 'pipeline') code.overwrite(call.start, call.end, 'void 0');
    },
  }).visit(module.program);
  markPureInitialisers(module, code);
  return code;
}
