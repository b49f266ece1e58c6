import { compilerCodes } from './codes/compiler.ts';
import { commandCodes } from './codes/command.ts';
import { engineCodes } from './codes/engine.ts';
import { imageCodes } from './codes/images.ts';
import { launcherCodes } from './codes/launcher.ts';
import { onnxCodes } from './codes/onnx.ts';
import { remoteCodes } from './codes/remotes.ts';
import { runnerCodes } from './codes/runner.ts';
import { specCodes } from './codes/spec.ts';
import { serverCodes } from './codes/server.ts';
import { sweepCodes } from './codes/sweep.ts';
import { storeCodes } from './codes/store.ts';

/** Every code an error may carry, with what it stands for. docs/errors.md is written from this. */
export const catalogue = {
  ...commandCodes,
  ...compilerCodes,
  ...specCodes,
  ...engineCodes,
  ...storeCodes,
  ...runnerCodes,
  ...imageCodes,
  ...launcherCodes,
  ...onnxCodes,
  ...remoteCodes,
  ...serverCodes,
  ...sweepCodes,
} as const;

/** A code from the catalogue. */
export type ErrorCode = keyof typeof catalogue;
