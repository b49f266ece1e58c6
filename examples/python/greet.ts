// Made by `ferrule import` from greet.yaml. What is edited by hand is kept: it imports anew only with --force.
// Content 187264a9f0489521, document 15641338f74095c5.
import { loadComponent, type Int } from 'ferrule';

export interface GreetInputs {
  /** Whom. */
  readonly name: string;
  /**
   * How often.
   * @default 1
   */
  readonly times?: Int;
}

export interface GreetOutputs {
  readonly Output: string;
}

/** Greets somebody. */
export const greet = loadComponent<GreetInputs, GreetOutputs>('./greet.yaml', import.meta.url);
