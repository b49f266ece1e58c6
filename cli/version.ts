/** Set when dist/ is built, from package.json. */
declare const FERRULE_VERSION: string | undefined;

export const version: string = typeof FERRULE_VERSION === 'undefined' ? '0.0.0-source' : FERRULE_VERSION;
