/** What a task may change in its process, and how to change it back before the next one. */

/** The state of a fresh process. */
export interface RestorePoint {
  /** Puts back what can be put back; tells whether the process is then as it was. */
  restore(): boolean;
}

/** Remembers globals, listeners, built-in prototypes and what keeps the process alive. */
export function takeRestorePoint(): RestorePoint {
  const globals = Object.getOwnPropertyDescriptors(globalThis);
  const consoleMethods = Object.getOwnPropertyDescriptors(console);
  const streams = [process.stdout, process.stderr];
  const listeners = new Map(process.eventNames().map((name) => [name, process.rawListeners(name)]));
  const builtIns = builtInState();
  const umask = process.umask();
  const resources = countByName(process.getActiveResourcesInfo());
  return {
    restore() {
      restoreProperties(globalThis, globals);
      restoreProperties(console, consoleMethods);
      // A stream's write is its prototype's; a patched one is its own.
      for (const stream of streams) Reflect.deleteProperty(stream, 'write');
      restoreListeners(listeners);
      process.exitCode = undefined;
      process.umask(umask);
      return sameState(builtIns, builtInState()) && isSubset(process.getActiveResourcesInfo(), resources);
    },
  };
}

/** Replaces the environment of this process. */
export function setEnvironment(env: Readonly<Record<string, string>>): void {
  for (const name of Object.keys(process.env)) if (!(name in env)) delete process.env[name];
  for (const [name, value] of Object.entries(env)) if (process.env[name] !== value) process.env[name] = value;
}

function restoreProperties(target: object, before: PropertyDescriptorMap): void {
  for (const key of Reflect.ownKeys(target))
    if (!Object.hasOwn(before, key)) Reflect.deleteProperty(target, key);
  for (const key of Reflect.ownKeys(before)) {
    const old: PropertyDescriptor = Reflect.get(before, key);
    const now = Reflect.getOwnPropertyDescriptor(target, key);
    if (now?.value !== old.value || now?.get !== old.get) Reflect.defineProperty(target, key, old);
  }
}

type Listener = ReturnType<typeof process.rawListeners>[number];

function restoreListeners(before: ReadonlyMap<string | symbol, readonly Listener[]>): void {
  for (const name of process.eventNames()) {
    const old = before.get(name) ?? [];
    for (const listener of process.rawListeners(name))
      // Signals' listeners are typed by name; these are known to be functions and no more.
      if (!old.includes(listener)) process.removeListener(name, listener as () => void);
  }
}

const watched: readonly object[] = [
  Object,
  Object.prototype,
  Function.prototype,
  Array,
  Array.prototype,
  String.prototype,
  Number.prototype,
  Promise,
  Promise.prototype,
  Map.prototype,
  Set.prototype,
  Date,
  Date.prototype,
  RegExp.prototype,
  Error,
  Error.prototype,
  Math,
  JSON,
];

/** Keys and values of the built-ins, in order: patched ones cannot be trusted to go back. */
function builtInState(): unknown[] {
  return watched.flatMap((object) =>
    Reflect.ownKeys(object).flatMap((key) => {
      const descriptor = Reflect.getOwnPropertyDescriptor(object, key);
      return [key, descriptor?.get ?? descriptor?.value];
    }),
  );
}

function sameState(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((value, index) => Object.is(value, now[index]));
}

function countByName(names: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}

/** Timers, sockets, child processes and the like that a task left behind keep its worker from another task. */
function isSubset(names: readonly string[], before: ReadonlyMap<string, number>): boolean {
  return [...countByName(names)].every(
    ([name, count]) => harmless.has(name) || count <= (before.get(name) ?? 0),
  );
}

/** Ends by itself within the turn of the loop. */
const harmless: ReadonlySet<string> = new Set([
  'Immediate',
  'CloseReq',
  'FSReqCallback',
  'FSReqPromise',
  'WriteWrap',
]);
