/** Folders of this machine that a container sees, each at its own path, so that no path needs a translation. */
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Attempt } from '../../engine/ports.ts';
import { isInWorkspace, localPathOf } from '../../spec/index.ts';

/** The one folder that every image has and anyone may write to. */
export const homeInContainer = '/tmp';

export interface Mounts {
  /** What the container may only read: paths of this machine by their path in the container. */
  readonly read: Readonly<Record<string, string>>;
  readonly write: readonly string[];
  /** Where relative locations in its parameters start; undefined where it has none. */
  readonly workingFolder?: string;
}

/**
 * Names what an attempt reads and writes on this machine: its inputs, its own folders, and the locations that its
 * component says it reads by itself.
 * @param cwd where relative locations start
 */
export function mountsOf(attempt: Attempt, cwd: string): Mounts {
  const { input, folder } = attempt;
  const { outputs, inputs } = input;
  const written = [
    folder,
    dirname(outputs.outputFile),
    ...Object.values(outputs.parameters ?? {}).map(({ outputFile }) => dirname(outputFile)),
    ...Object.values(outputs.artifacts ?? {}).flatMap(({ artifacts }) =>
      artifacts.map((artifact) => dirname(localPathOf(artifact))),
    ),
  ];
  const locations = locationsOf(attempt).filter(isFilePath);
  const artifacts = Object.values(inputs.artifacts ?? {}).flatMap((list) =>
    list.artifacts.filter((artifact) => !isInWorkspace(artifact)).map(localPathOf),
  );
  const read = [
    ...artifacts.filter((path) => isAbsolute(path)).map((path) => [path, path] as const),
    ...locations
      .map((location) => [resolve(cwd, inContainer(location)), resolve(cwd, pathOf(location))] as const)
      .filter(([, path]) => existsSync(path)),
  ];
  const write = outermost(written);
  return {
    read: Object.fromEntries(read.filter(([path]) => !write.includes(path))),
    write,
    ...(locations.some((location) => !isAbsolute(pathOf(location))) && { workingFolder: cwd }),
  };
}

/** Lists the locations that a component reads by itself: values, or lists of them, of parameters that it names. */
export function locationsOf({ identity, input }: Attempt): readonly string[] {
  return (identity?.reads ?? [])
    .flatMap((name) => input.inputs.parameterValues?.[name] ?? [])
    .filter((value): value is string => typeof value === 'string');
}

/** Whether a location is a path of this machine, not `gs://...` or `sample:weather`. */
function isFilePath(location: string): boolean {
  return location !== '' && (location.startsWith('file://') || !/^[a-z][a-z0-9+.-]*:/i.test(location));
}

function pathOf(location: string): string {
  if (location.startsWith('~/')) return join(homedir(), location.slice(2));
  return location.startsWith('file://') ? fileURLToPath(location) : location;
}

/** A path below the home folder is below another one in the container. */
function inContainer(location: string): string {
  return location.startsWith('~/') ? join(homeInContainer, location.slice(2)) : pathOf(location);
}

/** Leaves out what lies inside of another. */
function outermost(paths: readonly string[]): string[] {
  const all = [...new Set(paths)];
  return all.filter((path) => !all.some((other) => other !== path && path.startsWith(`${other}/`)));
}
