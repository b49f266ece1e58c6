/** Hands the calls that make control flow to those who trace it. */
import { BranchCalls } from './branch-calls.ts';
import type { ExitCalls } from './exit-calls.ts';
import type { FlowSurroundings } from './flow-group.ts';
import { Gather } from './gather.ts';
import { LoopCalls } from './loop-calls.ts';
import type { FlowReceiver } from '../trace-sdk.ts';

/** Makes the receiver of one pipeline. */
export function flowReceiver(to: FlowSurroundings, exits: ExitCalls): FlowReceiver {
  const { conditions } = to;
  const branches = new BranchCalls(to);
  const loops = new LoopCalls(to);
  const gather = new Gather(to);
  return {
    compare: (name, operator, left, right) => conditions.compare(name, operator, left, right),
    join: (kind, parts) => conditions.join(kind, parts),
    not: (condition) => conditions.not(condition),
    when: (condition, body, options) => branches.when(condition, body, options),
    oneOf: (given) => gather.oneOf(given),
    forEach: (items, body, options) => loops.forEach(items, body, options),
    collect: (loop) => gather.collect(loop),
    onExit: (task, body, options) => exits.onExit(task, body, options),
  };
}
