// Mirrored steps of women and men by age, with the whole area as an outline.
import type { PyramidBand } from "../api/types";
import { valueText } from "../figure/figure";
import { decimal } from "../figure/words";
import { Chart } from "./chart";
import { linear, ticks } from "./scale";
import { narrowWidth, useNarrow } from "./use-narrow";

export function Pyramid({ bands, title, subtitle, name, synthetic, outlined }: {
  bands: PyramidBand[];
  title: string;
  subtitle: string;
  name: string;
  synthetic: boolean;
  outlined: boolean;
}) {
  const narrow = useNarrow();
  const width = narrow ? narrowWidth : 640;
  const height = 380;
  const middle = width / 2;
  const gap = 34;
  const top = 20;
  const row = (height - top - 40) / Math.max(bands.length, 1);
  const most = Math.max(...bands.flatMap((b) => [b.female_share ?? 0, b.male_share ?? 0, b.whole_female_share ?? 0, b.whole_male_share ?? 0]), 0.1);
  const marks = ticks(most, narrow ? 2 : 3).filter((mark) => mark <= most * 1.05);
  const reach = Math.max(most, marks[marks.length - 1] ?? 0);
  const out = linear(0, reach, 0, middle - gap - 12);
  const yOf = (i: number) => height - 40 - (i + 1) * row;
  const steps = (side: 1 | -1, share: (b: PyramidBand) => number | null) =>
    bands.map((b, i) => {
      const x = middle + side * (gap + out(share(b) ?? 0));
      return `${i === 0 ? `M${middle + side * gap} ${yOf(0) + row}` : ""}L${x} ${yOf(i) + row}L${x} ${yOf(i)}`;
    }).join("");
  const table = {
    columns: ["Age", "Female", "Male", "Female %", "Male %", "Whole area female %", "Whole area male %"],
    rows: bands.map((b) => [b.label, valueText(b.female), valueText(b.male), ...[b.female_share, b.male_share, b.whole_female_share, b.whole_male_share].map((v) => (v === null ? "" : decimal(v)))]),
  };
  const oldest = [...bands].reverse();
  const hidden = bands.some((b) => b.female.suppressed || b.male.suppressed);
  return (
    <Chart title={title} subtitle={subtitle} table={{ ...table, rows: oldest.map((b) => table.rows[bands.indexOf(b)] ?? []) }} name={name} synthetic={synthetic}>
      <svg className={narrow ? "ct-svg ct-svg--narrow" : "ct-svg"} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}. The table below the chart holds every band.`}>
        <text className="ct-label" x={middle - gap - 4} y={13} textAnchor="end">Female</text>
        <text className="ct-label" x={middle + gap + 4} y={13}>Male</text>
        {marks.map((mark) => (
          <g key={mark}>
            {[-1, 1].map((side) => (
              <g key={side}>
                <line className="ct-grid" x1={middle + side * (gap + out(mark))} x2={middle + side * (gap + out(mark))} y1={top} y2={height - 40} />
                <text className="ct-tick" x={middle + side * (gap + out(mark))} y={height - 24} textAnchor="middle">{mark}%</text>
              </g>
            ))}
          </g>
        ))}
        {bands.map((b, i) => (
          <g key={b.label}>
            <rect className="ct-bar" x={middle - gap - out(b.female_share ?? 0)} y={yOf(i) + 1} width={out(b.female_share ?? 0)} height={row - 2}><title>{`${b.label}, female: ${valueText(b.female)}`}</title></rect>
            <rect className="ct-bar ct-bar--second" x={middle + gap} y={yOf(i) + 1} width={out(b.male_share ?? 0)} height={row - 2}><title>{`${b.label}, male: ${valueText(b.male)}`}</title></rect>
            {b.female.suppressed && <text className="ct-tick" x={middle - gap - 6} y={yOf(i) + row / 2 + 6} textAnchor="middle">*</text>}
            {b.male.suppressed && <text className="ct-tick" x={middle + gap + 6} y={yOf(i) + row / 2 + 6} textAnchor="middle">*</text>}
            <text className="ct-tick" x={middle} y={yOf(i) + row / 2 + 4} textAnchor="middle">{b.label}</text>
          </g>
        ))}
        {outlined && (
          <>
            <path className="ct-outline" d={steps(-1, (b) => b.whole_female_share)} />
            <path className="ct-outline" d={steps(1, (b) => b.whole_male_share)} />
            <text className="ct-tick" x={width - 8} y={height - 6} textAnchor="end">{narrow ? "Outline: the whole area" : "Outline: the whole area. Share of residents, %"}</text>
          </>
        )}
      </svg>
      {hidden && <p className="ct-key">*: 1 to 7, or a neighbour of such a count, hidden to protect people.</p>}
    </Chart>
  );
}
