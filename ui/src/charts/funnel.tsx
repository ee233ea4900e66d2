// Practices by how many people they count, between the limits chance gives around the whole area's value.
import { useState } from "react";
import type { Funnel } from "../api/types";
import { count, decimal } from "../figure/words";
import { Chart } from "./chart";
import { linear, ticks } from "./scale";

const standings: Record<string, string> = {
  very_low: "below the 99.8% limits", low: "below the 95% limits", within: "within the limits", high: "above the 95% limits", very_high: "above the 99.8% limits",
};

export function FunnelChart({ funnel, name, unit, synthetic }: { funnel: Funnel; name: string; unit: string; synthetic: boolean }) {
  const [at, setAt] = useState<number>();
  const width = 640;
  const height = 330;
  const left = 52;
  const marks = ticks(Math.max(...funnel.points.map((p) => p.value), ...funnel.limits.slice(4).map((l) => l.inner_high), 0.1));
  const most = marks[marks.length - 1] ?? 1;
  const wide = Math.max(...funnel.limits.map((l) => l.denominator), 1);
  const x = linear(0, wide, left, width - 90);
  const y = linear(0, most, height - 44, 12);
  const within = (value: number) => y(Math.min(Math.max(value, 0), most));
  const path = (of: (limit: Funnel["limits"][number]) => number) => funnel.limits.map((limit, i) => `${i === 0 ? "M" : "L"}${x(limit.denominator).toFixed(1)} ${within(of(limit)).toFixed(1)}`).join("");
  const acrossMarks = ticks(wide, 5).filter((mark) => mark <= wide);
  const last = funnel.limits[funnel.limits.length - 1];
  const said = (i: number): string => {
    const point = funnel.points[i];
    return point === undefined ? "" : `${point.name}${point.network === null ? "" : `, ${point.network}`}${point.place === null ? "" : `, ${point.place}`}: ${decimal(point.value)} ${unit}, out of ${count(point.denominator)}, ${standings[point.standing] ?? ""}`;
  };
  const table = {
    columns: ["Practice", "Code", "Network", "Place", "Value", "Out of", "Standing"],
    rows: funnel.points.map((p) => [p.name, p.code, p.network ?? "", p.place ?? "", p.value, p.denominator, standings[p.standing] ?? p.standing]),
  };
  return (
    <Chart title={funnel.sentence} subtitle={`${name}, ${unit}, by practice and how many people it counts`} table={table} name={`practices-${name}`} synthetic={synthetic}>
      <p className="ct-map__told ct-map__told--short" aria-live="polite">{at === undefined ? "Point at or move to a practice to read it." : said(at)}</p>
      <div className="ct-scroll" tabIndex={0} role="region" aria-label={`${name} by practice, chart`}>
        <svg className="ct-svg" viewBox={`0 0 ${width} ${height}`} role="group" aria-label={funnel.sentence}>
          {marks.map((mark) => (
            <g key={mark}>
              <line className="ct-grid" x1={left} x2={width - 90} y1={y(mark)} y2={y(mark)} />
              <text className="ct-tick" x={left - 6} y={y(mark) + 4} textAnchor="end">{mark}</text>
            </g>
          ))}
          {acrossMarks.map((mark) => <text key={mark} className="ct-tick" x={x(mark)} y={height - 26} textAnchor="middle">{count(mark)}</text>)}
          <text className="ct-tick" x={(left + width - 90) / 2} y={height - 8} textAnchor="middle">people the practice counts</text>
          <line className="ct-mean" x1={left} x2={width - 90} y1={y(funnel.baseline)} y2={y(funnel.baseline)} />
          <text className="ct-tick" x={width - 86} y={y(funnel.baseline) + 4}>whole area</text>
          {(["inner_low", "inner_high"] as const).map((end) => <path key={end} className="ct-limit ct-limit--inner" d={path((l) => l[end])} />)}
          {(["outer_low", "outer_high"] as const).map((end) => <path key={end} className="ct-limit" d={path((l) => l[end])} />)}
          {last !== undefined && <text className="ct-tick" x={width - 86} y={within(last.outer_high) - 4}>99.8%</text>}
          {funnel.points.map((point, i) => {
            const shared = { role: "img", "aria-label": said(i), tabIndex: 0, onMouseEnter: () => setAt(i), onFocus: () => setAt(i) } as const;
            const cx = x(point.denominator);
            const cy = within(point.value);
            const far = point.standing.startsWith("very_");
            return far
              ? <path key={point.code} {...shared} className="ct-spc ct-spc--far" d={`M${cx} ${cy - 7}l7 7l-7 7l-7 -7z`} />
              : <circle key={point.code} {...shared} className={`ct-spc ${point.standing === "within" ? "" : "ct-spc--near"}`} cx={cx} cy={cy} r={4.5} />;
          })}
        </svg>
      </div>
      <p className="ct-key">Diamond: beyond the 99.8% limits. Ring: beyond the 95% limits. Circle: within. {funnel.phi !== null && <>Overdispersion φ {funnel.phi}, τ² {funnel.tau2}.</>}</p>
    </Chart>
  );
}
