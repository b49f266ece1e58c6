/** Cuts a shell script into words, as far as it is one that KFP writes: no more of the shell's language is read. */

export type ShellToken =
  | { readonly kind: 'word'; readonly text: string }
  /** `&&`, `||`, `;` or the end of a line. */
  | { readonly kind: 'operator'; readonly text: string };

/** Reads a script; undefined where it holds something that only a shell can tell. */
export function shellTokens(script: string): readonly ShellToken[] | undefined {
  const piece =
    /[ \t]+|\\\n|(?<operator>&&|\|\||[;\n])|'(?<single>[^']*)'|"(?<double>(?:[^"\\$`]|\\[^\n])*)"|(?<bare>[^\s'"\\$`;&|<>(){}*?[\]#~!]+)/y;
  const tokens: ShellToken[] = [];
  let word: string | undefined;
  const endWord = (): void => {
    if (word !== undefined) tokens.push({ kind: 'word', text: word });
    word = undefined;
  };
  while (piece.lastIndex < script.length) {
    const match = piece.exec(script);
    if (match === null) return undefined;
    const { operator, single, double, bare } = match.groups ?? {};
    if (operator !== undefined) {
      endWord();
      tokens.push({ kind: 'operator', text: operator });
    } else if (single !== undefined) word = `${word ?? ''}${single}`;
    else if (double !== undefined) word = `${word ?? ''}${double.replaceAll(/\\(["\\$`])/g, '$1')}`;
    else if (bare !== undefined) word = `${word ?? ''}${bare}`;
    else endWord();
  }
  endWord();
  return tokens;
}
