/** Names in TypeScript for things that a spec names in other ways. */

/** What cannot name a const of a module, and what the generated file imports. */
const taken = new Set(
  `await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in
  instanceof interface let loadComponent new null package private protected public return static super switch this throw true try typeof var void while
  with yield arguments eval undefined NaN Infinity`.split(/\s+/),
);

/** Gives a name as an identifier: `train-model-2` becomes `trainModel2`. One that is taken gets `Component` at its end. */
export function constName(name: string): string {
  const words = name.split(/[^A-Za-z0-9]+/).filter((word) => word !== '');
  const camel = words.map((word, index) => (index === 0 ? lowerFirst(word) : upperFirst(word))).join('');
  const safe = camel === '' ? 'component' : /^\d/.test(camel) ? `_${camel}` : camel;
  return taken.has(safe) ? `${safe}Component` : safe;
}

/** Gives the name of the interfaces of a const: `trainModel` becomes `TrainModel`. */
export function typeName(name: string): string {
  return upperFirst(name.replace(/^_/, 'Component'));
}

/** Writes a property's name, in quotes where it is no identifier. */
export function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name);
}

/** Writes a text as a literal on one line. */
export function quoted(text: string): string {
  const inside = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'");
  return `'${inside.replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')}'`;
}

/** Gives a name as that of a file. A document may be anybody's: nothing in its name may lead out of a folder. */
export function fileName(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replaceAll(/^[-_]+|-+$/g, '');
  return safe === '' ? 'component' : safe.slice(0, 128);
}

function upperFirst(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}

function lowerFirst(word: string): string {
  return word.charAt(0).toLowerCase() + word.slice(1);
}
