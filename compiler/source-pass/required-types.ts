/** Finds the types that are only type arguments: the `T` of each `required<T>()`, `optional<T>()` and `importer<T>()`. */
import { Visitor, type Program } from 'oxc-parser';
import type { SourceText } from '../source-text.ts';
import type { FerruleNames } from './ferrule-names.ts';

/** A type where it is written. */
export interface TypeSite {
  readonly text: string;
  /** Offset in the file. */
  readonly start: number;
}

/** The functions whose type argument the compiler reads. */
const generics = ['required', 'optional', 'importer'];

/** Lists a file's type arguments in the order they are written in. */
export function requiredTypes({ text }: SourceText, program: Program, names: FerruleNames): TypeSite[] {
  const sites: TypeSite[] = [];
  // Most files have none, and a walk over a file takes as long as its parse.
  if (!generics.some((name) => text.includes(name))) return sites;
  new Visitor({
    CallExpression: (call) => {
      const type = call.typeArguments?.params[0];
      const called = names.calls(call);
      if (type === undefined || called === undefined || !generics.includes(called)) return;
      sites.push({ text: text.slice(type.start, type.end), start: type.start });
    },
  }).visit(program);
  return sites;
}
