/** JSON as Go's protojson writes and reads it, and texts of values as KFP's backend has them. */
import { execFileSync } from 'node:child_process';
import type { ExecutorOutput, JsonValue, ParameterType } from '../../spec/index.ts';

/**
 * Writes a message whose fields are in the order of its definition, and its maps in that of their keys.
 * @param spaced whether a space follows each colon and comma: protojson decides by the build of its program, so that nobody
 * relies on it
 */
export function protoJson(value: unknown, spaced: boolean): string {
  const gap = spaced ? ' ' : '';
  if (Array.isArray(value)) return `[${value.map((item) => protoJson(item, spaced)).join(`,${gap}`)}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).flatMap(([name, field]) =>
    field === undefined ? [] : [`${JSON.stringify(name)}:${gap}${protoJson(field, spaced)}`],
  );
  return `{${fields.join(`,${gap}`)}}`;
}

/** Writes a number as strconv.FormatFloat(value, 'f', -1, 64): never with an exponent. */
export function formatFloat(value: number): string {
  const text = `${value}`;
  if (!text.includes('e')) return text;
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(20).replace(/0+$/, '');
}

/** Reads the text of an output parameter's file. */
export function parameterOfText(text: string, type: ParameterType): JsonValue {
  switch (type) {
    case 'STRING':
      return text;
    case 'NUMBER_INTEGER':
      if (!/^[+-]?\d+$/.test(text.trim()))
        throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(text)}`);
      return Number(text);
    case 'NUMBER_DOUBLE':
      return Number(text);
    case 'BOOLEAN':
      if (!/^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text.trim()))
        throw new Error(`strconv.ParseBool: parsing ${JSON.stringify(text)}`);
      return /^(1|t)/i.test(text.trim());
    default:
      return JSON.parse(text) as JsonValue;
  }
}

/**
 * Reads an executor output as strictly as protojson does: a field that the message does not have is an error.
 * @param python one that has KFP's SDK, with the message's own descriptor
 */
export function readExecutorOutput(python: string, written: string): ExecutorOutput {
  const program = [
    'import json, sys',
    'from google.protobuf import json_format',
    'from kfp.pipeline_spec import pipeline_spec_pb2',
    'read = json_format.Parse(sys.stdin.read(), pipeline_spec_pb2.ExecutorOutput())',
    'print(json.dumps(json_format.MessageToDict(read)))',
  ].join('\n');
  const output = execFileSync(python, ['-W', 'ignore', '-c', program], { input: written, encoding: 'utf8' });
  return JSON.parse(output) as ExecutorOutput;
}
