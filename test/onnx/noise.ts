/** Gives reproducible numbers between -1.5 and 1.5: the fractions of a quadratic sequence. */
export function noise(length: number, seed: number): Float32Array {
  return Float32Array.from({ length }, (_, index) => {
    const wave = Math.sin((index + 1) * 12.9898 + seed * 78.233) * 43_758.5453;
    return (wave - Math.floor(wave)) * 3 - 1.5;
  });
}
