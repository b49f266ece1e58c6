/** Runs one component by KFP's executor protocol: what to give it, and what to make of what it gives back. */
import type { TaskContext } from '../sdk/context.ts';
import type { ExecutorInput, ExecutorOutput } from '../spec/executor-io.ts';
import type { ParameterType } from '../spec/pipeline-spec.ts';
import type { ComponentBody } from './bundle.ts';
import { inputsOf } from './component-inputs.ts';
import { finishOutputs, leak, outputObject, prepareOutputs } from './output-artifacts.ts';
import { returnedParameters } from './returned-values.ts';
import { secretMask } from './secret-mask.ts';

export { report } from '../sdk/report.ts';

/** One run of a component's body. */
export interface Execution {
  readonly body: ComponentBody;
  readonly input: ExecutorInput;
  readonly context: TaskContext;
  /** Input artifacts that are lists. @default none */
  readonly artifactLists?: readonly string[];
  /** Types of the output parameters, to check what is returned. @default unchecked: KFP does not tell a container */
  readonly parameterTypes?: Readonly<Record<string, ParameterType>>;
  /** Values that no output may hold. @default none */
  readonly secrets?: readonly string[];
}

/**
 * Runs the body once and gives the executor output. Writes nothing but what the body writes.
 * @throws whatever the body throws, and UserError FER6004 to FER6006 for outputs that are not as declared
 */
export async function executeComponent(execution: Execution): Promise<ExecutorOutput> {
  const { body, input, context } = execution;
  const secrets = secretMask(execution.secrets ?? []);
  const outputs = await prepareOutputs(input);
  const returned = await body(inputsOf(input, execution.artifactLists ?? []), outputObject(outputs), context);
  const declared = Object.keys(input.outputs.parameters ?? {});
  const parameterValues = returnedParameters(returned, declared, execution.parameterTypes);
  for (const [name, value] of Object.entries(parameterValues))
    if (secrets.isIn(value)) throw leak(`the output parameter "${name}"`);
  const artifacts = await finishOutputs(outputs, secrets);
  return {
    ...(declared.length > 0 && { parameterValues }),
    ...(outputs.length > 0 && { artifacts }),
  };
}
