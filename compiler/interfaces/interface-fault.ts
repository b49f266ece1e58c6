/** Thrown inside the reading of one component's interface; caught where the component's reading began. */
import type { ErrorCode } from '../../errors/index.ts';
import type { Node } from 'ts-morph';

export class InterfaceFault extends Error {
  readonly code: ErrorCode;
  readonly node: Node;
  readonly fix: string;

  constructor(code: ErrorCode, node: Node, problem: string, fix: string) {
    super(problem);
    this.code = code;
    this.node = node;
    this.fix = fix;
  }
}

/** Thrown where the syntax alone does not say what a type is: the type checker must be asked. */
export class NeedsChecker extends Error {}

/** What a component's inputs, outputs and returned fields may be made of, for the error text. */
export const supportedTypes =
  'use string, number, Int, boolean, a union of texts, lists and objects of these, or an artifact type';
