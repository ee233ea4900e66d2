// A measure over months as a control chart: the line, its mean and limits, marks where something changed, the target.
import { useState } from "react";
import type { Trend } from "../api/types";
import { decimal } from "../figure/words";
import { Chart } from "./chart";
import { linear } from "./scale";
import { narrowWidth, useNarrow } from "./use-narrow";

const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
export const monthText = (iso: string): string => `${monthNames[Number(iso.slice(5, 7)) - 1] ?? ""} ${iso.slice(0, 4)}`;
const marks: Record<string, string> = { improvement: "improving", concern: "concern", neutral: "changed" };

/** Four to six round marks between two values that need not include zero. */
function between(low: number, high: number): number[] {
  const rough = Math.max(high - low, 1e-6) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough) ?? 10 * power;
  const out: number[] = [];
  for (let v = Math.floor(low / step) * step; v <= high + step * 0.999; v += step) out.push(Number(v.toPrecision(10)));
  return out;
}

export function TrendChart({ trend, name, unit, synthetic }: { trend: Trend; name: string; unit: string; synthetic: boolean }) {
  const [at, setAt] = useState<number>();
  const narrow = useNarrow();  // the mean and the limits then stand in the table only
  const width = narrow ? narrowWidth : 640;
  const margin = narrow ? 16 : 96;
  const height = 280;
  const left = 52;
  const { points } = trend;
  const values = points.flatMap((point) => [point.value, point.lower, point.upper, point.planned].filter((v): v is number => v !== null)).concat(trend.target ?? []);
  const ticks = between(Math.max(Math.min(...values, Infinity), 0), Math.max(...values, 0.1));
  const low = ticks[0] ?? 0;
  const high = ticks[ticks.length - 1] ?? 1;
  const x = linear(0, Math.max(points.length - 1, 1), left + 12, width - margin);
  const y = linear(low, high, height - 34, 14);
  const line = (of: (point: Trend["points"][number]) => number | null): string =>
    points.reduce<{ path: string; pen: boolean }>(({ path, pen }, point, i) => {
      const value = of(point);
      return value === null ? { path, pen: false } : { path: `${path}${pen ? "L" : "M"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`, pen: true };
    }, { path: "", pen: false }).path;
  const last = points[points.length - 1];
  const said = (i: number): string => {
    const point = points[i];
    if (point === undefined) return "";
    if (point.value === null) return `${monthText(point.month)}: ${point.suppressed ? "hidden to protect people" : "nobody to count"}`;
    return `${monthText(point.month)}: ${decimal(point.value)} ${unit}${point.cause === null ? "" : `, ${marks[point.mark] ?? ""}: ${point.cause}`}`;
  };
  const planned = points.some((point) => point.planned !== null);
  const table = {
    columns: ["Month", "Value", "Low", "High", "Out of", "Mean", "Lower limit", "Upper limit", ...(planned ? ["Planned"] : []), "Mark"],
    rows: points.map((p) => [monthText(p.month), p.suppressed ? "*" : p.value ?? "", p.low ?? "", p.high ?? "", p.denominator ?? "", p.mean ?? "", p.lower ?? "", p.upper ?? "", ...(planned ? [p.planned ?? ""] : []), p.cause ?? ""]),
  };
  const step = narrow ? 4 : points.length > 14 ? 3 : 2;
  return (
    <Chart title={trend.sentence} subtitle={`${name}, ${unit}, by month`} table={table} name={`trend-${name}`} synthetic={synthetic}>
      <p className="ct-map__told ct-map__told--short" aria-live="polite">{at === undefined ? "Point at or move to a month to read it." : said(at)}</p>
      <div className="ct-scroll" tabIndex={0} role="region" aria-label={`${name} by month, chart`}>
        <svg className={narrow ? "ct-svg ct-svg--narrow" : "ct-svg"} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={`${trend.sentence} ${points.length} months${last === undefined ? "" : `, latest ${said(points.length - 1)}`}.`}>
          {ticks.map((tick) => (
            <g key={tick}>
              <line className="ct-grid" x1={left} x2={width - margin + 6} y1={y(tick)} y2={y(tick)} />
              <text className="ct-tick" x={left - 6} y={y(tick) + 4} textAnchor="end">{tick}</text>
            </g>
          ))}
          {points.map((point, i) => i % step === (points.length - 1) % step && <text key={point.month} className="ct-tick" x={x(i)} y={height - 12} textAnchor="middle">{monthText(point.month).replace(" 20", " ")}</text>)}
          <path className="ct-mean" d={line((point) => point.mean)} />
          <path className="ct-limit" d={line((point) => point.upper)} />
          <path className="ct-limit" d={line((point) => point.lower)} />
          {!narrow && last?.mean != null && <text className="ct-tick" x={width - 84} y={y(last.mean) + 4}>mean {decimal(last.mean)}</text>}
          {!narrow && last?.upper != null && Math.abs(y(last.upper) - y(last.mean ?? 0)) > 12 && <text className="ct-tick" x={width - 84} y={y(last.upper) + 4}>upper limit</text>}
          {!narrow && last?.lower != null && Math.abs(y(last.lower) - y(last.mean ?? 0)) > 12 && <text className="ct-tick" x={width - 84} y={y(last.lower) + 4}>lower limit</text>}
          {trend.target !== null && (
            <>
              <line className="ct-goal" x1={left} x2={width - margin + 6} y1={y(trend.target)} y2={y(trend.target)} />
              <text className="ct-goal-text" x={left + 6} y={y(trend.target) - 5}>target {decimal(trend.target)}</text>
            </>
          )}
          {planned && <path className="ct-planned" d={line((point) => point.planned)} />}
          <path className="ct-trend" d={line((point) => point.value)} />
          {points.map((point, i) => {
            const shared = { role: "img", "aria-label": said(i), tabIndex: 0, onMouseEnter: () => setAt(i), onFocus: () => setAt(i) } as const;
            if (point.value === null) return <text key={point.month} {...shared} className="ct-label" x={x(i)} y={height - 38} textAnchor="middle">*</text>;
            const cy = y(point.value);
            if (point.mark === "improvement") return <path key={point.month} {...shared} className="ct-spc ct-spc--improvement" d={`M${x(i) - 7} ${cy + 6}h14l-7 -13z`} />;
            if (point.mark === "concern") return <path key={point.month} {...shared} className="ct-spc ct-spc--concern" d={`M${x(i) - 7} ${cy - 6}h14l-7 13z`} />;
            if (point.mark === "neutral") return <rect key={point.month} {...shared} className="ct-spc ct-spc--neutral" x={x(i) - 5} y={cy - 5} width={10} height={10} />;
            return <circle key={point.month} {...shared} className="ct-spc" cx={x(i)} cy={cy} r={4.5} />;
          })}
        </svg>
      </div>
      <p className="ct-key">Circle: as usual. Triangle up: improving. Triangle down: concern. Square: changed, neither good nor bad. *: hidden.{planned && " Long dashes: what the plan expects."}</p>
      <p className="nhsuk-body-s ct-note">{trend.rules}. {trend.note}</p>
    </Chart>
  );
}

/** A small line without axes for lists; gaps where a month is hidden. */
export function Spark({ values, label }: { values: (number | null)[]; label: string }) {
  const shown = values.filter((v): v is number => v !== null);
  if (shown.length < 2) return <span className="ct-note">{shown.length === 1 ? "one month" : ""}</span>;
  const low = Math.min(...shown);
  const span = Math.max(Math.max(...shown) - low, 1e-9);
  const x = linear(0, values.length - 1, 2, 78);
  let pen = false;
  const path = values.map((value, i) => {
    if (value === null) {
      pen = false;
      return "";
    }
    const move = pen ? "L" : "M";
    pen = true;
    return `${move}${x(i).toFixed(1)} ${(18 - ((value - low) / span) * 16).toFixed(1)}`;
  }).join("");
  const lastAt = values.length - 1;
  const last = values[lastAt];
  return (
    <svg className="ct-spark" viewBox="0 0 80 20" role="img" aria-label={label}>
      <path d={path} />
      {last != null && <circle cx={x(lastAt)} cy={18 - ((last - low) / span) * 16} r={2.2} />}
    </svg>
  );
}
