// Dots with intervals, one row a figure, the comparator in grey, a goal as a dashed line. Used for places,
// deprivation fifths, ethnic groups and conditions.
import type { Figure } from "../api/types";
import { spoken, unitText, valueText } from "../figure/figure";
import { decimal } from "../figure/words";
import { Chart } from "./chart";
import { linear, ticks } from "./scale";
import { narrowWidth, useNarrow } from "./use-narrow";

/** A label longer than a line on two, broken at the blank nearest to its middle. */
function twoLines(label: string, line: number): string[] {
  if (label.length <= line) return [label];
  const blanks = [...label].flatMap((letter, at) => (letter === " " ? [at] : []));
  const middle = blanks.sort((a, b) => Math.abs(a - label.length / 2) - Math.abs(b - label.length / 2))[0];
  return middle === undefined ? [label] : [label.slice(0, middle), label.slice(middle + 1)];
}

export interface DotRow {
  figure: Figure;
  label: string;
  against?: Figure | undefined;
}

export function DotChart({ title, subtitle, rows, goal, name, synthetic, againstName }: {
  title: string;
  subtitle: string;
  rows: DotRow[];
  goal?: number | null;
  name: string;
  synthetic: boolean;
  againstName?: string;
}) {
  const narrow = useNarrow();  // the label then stands above its row
  const width = narrow ? narrowWidth : 640;
  const left = narrow ? 8 : 250;
  const line = narrow ? 46 : 32;  // letters
  const long = rows.some((row) => row.label.length > line);
  const step = narrow ? (long ? 58 : 44) : long ? 32 : 26;
  const top = goal !== undefined && goal !== null ? 24 : 8;
  const height = top + rows.length * step + 30;
  const tops = rows.flatMap((row) => [row.figure.interval?.high ?? row.figure.value ?? 0, row.against?.value ?? 0, goal ?? 0]);
  const marks = ticks(Math.max(...tops, 0));
  const unit = rows[0]?.figure.unit ?? "count";
  const last = unit === "percent" ? Math.min(marks[marks.length - 1] ?? 1, 100) : marks[marks.length - 1] ?? 1;
  const x = linear(0, last, left, width - 70);
  const table = {
    columns: ["Group", "Value", "Low", "High", "Unit", ...(againstName ? [againstName] : [])],
    rows: rows.map((row) => [
      row.label, valueText(row.figure), row.figure.interval ? decimal(row.figure.interval.low) : "", row.figure.interval ? decimal(row.figure.interval.high) : "",
      unit === "percent" ? "%" : unitText(unit), ...(againstName ? [row.against ? valueText(row.against) : ""] : []),
    ]),
  };
  return (
    <Chart title={title} subtitle={subtitle} table={table} name={name} synthetic={synthetic}>
      <div className="ct-scroll" tabIndex={0} role="region" aria-label={`${title}, chart`}>
        <svg className={narrow ? "ct-svg ct-svg--narrow" : "ct-svg"} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${title}. ${rows.map((row) => spoken({ ...row.figure, label: row.label })).join(". ")}`}>
          {marks.filter((mark) => mark <= last).map((mark) => (
            <g key={mark}>
              <line className="ct-grid" x1={x(mark)} x2={x(mark)} y1={top} y2={height - 24} />
              <text className="ct-tick" x={x(mark)} y={height - 8} textAnchor="middle">{mark}{unit === "percent" ? "%" : ""}</text>
            </g>
          ))}
          {goal !== undefined && goal !== null && (
            <>
              <line className="ct-goal" x1={x(goal)} x2={x(goal)} y1={top} y2={height - 24} />
              <text className="ct-goal-text" x={Math.min(x(goal), width - 74)} y={top - 8} textAnchor="end">goal {goal}%</text>
            </>
          )}
          {rows.map((row, i) => {
            const y = top + i * step + (narrow ? step - 14 : step / 2);
            const f = row.figure;
            return (
              <g key={row.label}>
                {twoLines(row.label, line).map((words, at, all) => narrow
                  ? <text key={words} className="ct-label" x={0} y={y - 15 - (all.length - 1 - at) * 13}>{words}</text>
                  : <text key={words} className="ct-label" x={left - 10} y={y + 4 + (at - (all.length - 1) / 2) * 13} textAnchor="end">{words}</text>)}
                {row.against?.value !== undefined && row.against.value !== null && <rect className="ct-against" x={x(row.against.value) - 1.5} y={y - 9} width={3} height={18} />}
                {f.suppressed || f.value === null ? (
                  <text className="ct-label" x={left + 6} y={y + 4}>{f.suppressed ? "* hidden to protect people" : "not known"}</text>
                ) : (
                  <>
                    {f.interval !== null && <line className="ct-whisker" x1={x(f.interval.low)} x2={x(Math.min(f.interval.high, last))} y1={y} y2={y} />}
                    {f.comparison?.verdict === "worse"
                      ? <path className="ct-dot ct-dot--worse" d={`M${x(f.value) - 6} ${y - 5}h12l-6 11z`} />
                      : f.comparison?.verdict === "better"
                        ? <path className="ct-dot" d={`M${x(f.value) - 6} ${y + 5}h12l-6 -11z`} />
                        : <circle className="ct-dot" cx={x(f.value)} cy={y} r={5} />}
                    <text className="ct-value" x={width - 62} y={y + 4}>{valueText(f)}</text>
                  </>
                )}
              </g>
            );
          })}
        </svg>
      </div>
    </Chart>
  );
}
