/** The SDK has three forms: what a person imports, what a trace does, and what a component's bundle does. */
import { expect, test } from 'vitest';
import { sdkExports } from '../../compiler/trace/trace-sdk.ts';
import * as shim from '../../sdk/bundle-shim.ts';
import * as sdk from '../../sdk/index.ts';

const names = Object.keys(sdk).sort();

test('a trace has all that can be imported', () => {
  expect([...sdkExports].sort()).toEqual(names);
});

test('a bundle has it too, so that a component may lie beside a pipeline', () => {
  expect(Object.keys(shim).sort()).toEqual(names);
});
