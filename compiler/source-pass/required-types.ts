/** Finds the types of pipeline parameters without a default: the `T` of each `required<T>()`. */
import { Visitor, type Program } from 'oxc-parser';
import type { SourceText } from '../source-text.ts';
import type { FerruleNames } from './ferrule-names.ts';

/** A type where it is written. */
export interface TypeSite {
  readonly text: string;
  /** Offset in the file. */
  readonly start: number;
}

/** Lists a file's required types in the order they are written in. */
export function requiredTypes({ text }: SourceText, program: Program, names: FerruleNames): TypeSite[] {
  const sites: TypeSite[] = [];
  // Most files have none, and a walk over a file takes as long as its parse.
  if (!text.includes('required')) return sites;
  new Visitor({
    CallExpression: (call) => {
      const type = call.typeArguments?.params[0];
      if (type === undefined || names.calls(call) !== 'required') return;
      sites.push({ text: text.slice(type.start, type.end), start: type.start });
    },
  }).visit(program);
  return sites;
}
