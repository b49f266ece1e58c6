import { paintGlaze, paintRime } from './branches.ts';
import type { Canvas } from './canvas.ts';
import { paintDew, paintFrost, paintHail } from './close-ups.ts';
import { paintFog, paintRain, paintSandstorm, paintSnow } from './open-air.ts';
import type { Random } from './random.ts';
import { paintLightning, paintRainbow } from './sky-lights.ts';

/** Paints one picture of a class. */
export type Painter = (canvas: Canvas, random: Random) => void;

/** The sample's eleven classes, and who paints them. */
export const weather: Readonly<Record<string, Painter>> = {
  dew: paintDew,
  fogsmog: paintFog,
  frost: paintFrost,
  glaze: paintGlaze,
  hail: paintHail,
  lightning: paintLightning,
  rain: paintRain,
  rainbow: paintRainbow,
  rime: paintRime,
  sandstorm: paintSandstorm,
  snow: paintSnow,
};
