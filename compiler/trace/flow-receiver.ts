/** Hands the calls that make control flow to those who trace it. */
import type { ConditionCalls } from './condition-calls.ts';
import type { ControlFlow } from './control-flow.ts';
import type { Gather } from './gather.ts';
import type { FlowReceiver } from './trace-sdk.ts';

export function flowReceiver(conditions: ConditionCalls, control: ControlFlow, gather: Gather): FlowReceiver {
  return {
    compare: (name, operator, left, right) => conditions.compare(name, operator, left, right),
    join: (kind, parts) => conditions.join(kind, parts),
    not: (condition) => conditions.not(condition),
    when: (condition, body, options) => control.when(condition, body, options),
    oneOf: (branches) => gather.oneOf(branches),
    forEach: (items, body, options) => control.forEach(items, body, options),
    collect: (loop) => gather.collect(loop),
    onExit: (task, body, options) => control.onExit(task, body, options),
  };
}
