/** Linear position of a value between two ends of a drawing. */
export const linear = (low: number, high: number, from: number, to: number) => (value: number): number =>
  high === low ? from : from + ((value - low) / (high - low)) * (to - from);

/** Round ticks covering 0 to at least `high`: steps of 1, 2 or 5 times a power of ten. */
export function ticks(high: number, wanted = 5): number[] {
  if (!(high > 0)) return [0, 1];
  const rough = high / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  const out: number[] = [];
  for (let i = 0; i * step < high + step; i += 1) out.push(Number((i * step).toPrecision(12)));
  return out;
}
