/** Which local names of a file stand for what it imports from `ferrule`. */
import type { CallExpression, Program } from 'oxc-parser';

export interface FerruleNames {
  /** The exported name of Ferrule's that a call calls; undefined for any other call. */
  calls(call: CallExpression): string | undefined;
  /** The exported name of Ferrule's that a local name stands for. */
  of(local: string): string | undefined;
}

/** Reads a file's imports from `ferrule`: named ones, renamed ones, and the whole namespace. */
export function ferruleNames(program: Program): FerruleNames {
  const named = new Map<string, string>();
  const namespaces = new Set<string>();
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== 'ferrule') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type === 'ImportNamespaceSpecifier') namespaces.add(specifier.local.name);
      else if (specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier')
        named.set(specifier.local.name, specifier.imported.name);
    }
  }
  return {
    of: (local) => named.get(local),
    calls({ callee }) {
      if (callee.type === 'Identifier') return named.get(callee.name);
      if (callee.type !== 'MemberExpression' || callee.computed) return undefined;
      if (callee.object.type !== 'Identifier' || !namespaces.has(callee.object.name)) return undefined;
      return callee.property.type === 'Identifier' ? callee.property.name : undefined;
    },
  };
}
