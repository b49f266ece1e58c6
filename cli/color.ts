/** Colours, where the terminal wants them. */
import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

/** Paints text for one stream, or leaves it plain. */
export type Paint = (style: Style, text: string) => string;

/** Decides once for a stream: NO_COLOR wins, then FORCE_COLOR, then whether it is a terminal. */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  const forced = env['FORCE_COLOR'];
  const wanted =
    (env['NO_COLOR'] ?? '') !== '' ? false : forced === undefined ? stream.isTTY === true : forced !== '0';
  return wanted ? (style, text) => styleText(style, text) : (_, text) => text;
}
