// Two groups crossed: a grid of values with their intervals, a row and a column for each group. The shade repeats what the
// numbers say; a triangle says better or worse than the whole.
import type { MeasureDetail } from "../api/types";
import { heldBackWords } from "../figure/held-back";
import { decimal } from "../figure/words";
import { Chart } from "./chart";
import { narrowWidth, useNarrow } from "./use-narrow";

type Crossing = MeasureDetail["crossings"][number];
type Cell = Crossing["cells"][number];

const shades = 5;
const marks: Record<Cell["verdict"], string> = { better: "▲", worse: "▼", higher: "↑", lower: "↓", similar: "", not_compared: "" };
const markWords: Record<Cell["verdict"], string> = { better: "better", worse: "worse", higher: "higher", lower: "lower", similar: "similar", not_compared: "" };

function shadeOf(cell: Cell, low: number, high: number): number {
  if (cell.value === null || high === low) return 0;
  return Math.min(shades - 1, Math.floor(((cell.value - low) / (high - low)) * shades));
}

export function CrossingChart({ crossing, name, unit, synthetic }: { crossing: Crossing; name: string; unit: string; synthetic: boolean }) {
  const narrow = useNarrow();
  const text = (value: number | null) => (value === null ? "" : `${decimal(value)}${unit === "%" ? "%" : ""}`);
  const at = new Map(crossing.cells.map((cell) => [`${cell.row} ${cell.column}`, cell]));
  const shown = crossing.cells.flatMap((cell) => (cell.value === null ? [] : [cell.value]));
  const [low, high] = [Math.min(...shown), Math.max(...shown)];
  const stacked = narrow && crossing.columns.length > 3;  // the interval on two lines
  const width = narrow ? narrowWidth : 640;
  const left = narrow ? (stacked ? 0 : 66) : 110;
  const top = 40;
  const labelled = stacked ? 20 : 0;  // the row's name stands above it
  const cellHeight = stacked ? 50 : 38;
  const step = cellHeight + labelled + 2;
  const cellWidth = (width - left) / crossing.columns.length;
  const height = top + crossing.rows.length * step;
  const table = {
    columns: [crossing.row_title, crossing.column_title, "Value", "Low", "High", "Counted", "Out of", "Unit", "Against the whole"],
    rows: crossing.cells.map((cell) => [
      crossing.rows[cell.row] ?? "", crossing.columns[cell.column] ?? "", cell.suppressed ? "*" : cell.value ?? "", cell.low ?? "", cell.high ?? "",
      cell.numerator ?? (cell.suppressed ? "*" : ""), cell.denominator ?? (cell.suppressed ? "*" : ""), unit, markWords[cell.verdict],
    ]),
  };
  const hidden = crossing.cells.some((cell) => cell.suppressed);
  return (
    <Chart title={crossing.sentence} subtitle={`${name}, ${unit}, ${crossing.title.toLowerCase()}, with 95% intervals${crossing.held_back === null ? "" : ` († ${heldBackWords})`}`} table={table} name={`crossing-${crossing.dimension}`} synthetic={synthetic}>
      <div className="ct-scroll" tabIndex={0} role="region" aria-label={`${crossing.title}, chart`}>
        <svg className={narrow ? "ct-svg ct-svg--narrow" : "ct-svg"} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${crossing.title}. ${crossing.sentence} The table has every figure.`}>
          <text className="ct-tick" x={left + (width - left) / 2} y={13} textAnchor="middle">{crossing.column_title}</text>
          {crossing.columns.map((column, c) => {
            const middle = left + (c + 0.5) * cellWidth;
            const lines = stacked ? column.split(" ") : [column];  // a narrow column holds a word
            return (
              <text key={column} className={stacked ? "ct-tick" : "ct-label"} textAnchor="middle">
                {lines.map((line, i) => <tspan key={line} x={middle} y={34 - 11 * (lines.length - 1 - i)}>{line} </tspan>)}
              </text>
            );
          })}
          {crossing.rows.map((row, r) => {
            const y = top + r * step;
            return (
              <g key={row}>
                {stacked ? <text className="ct-label" x={0} y={y + 15}>{row}</text> : <text className="ct-label" x={left - 8} y={y + cellHeight / 2 + 4} textAnchor="end">{row}</text>}
                {crossing.columns.map((column, c) => {
                  const cell = at.get(`${r} ${c}`);
                  const x = left + c * cellWidth;
                  const middle = x + cellWidth / 2;
                  const cellTop = y + labelled;
                  if (cell === undefined) return <text key={column} className="ct-tick" x={middle} y={cellTop + cellHeight / 2 + 4} textAnchor="middle">nobody</text>;
                  const shade = shadeOf(cell, low, high);
                  return (
                    <g key={column}>
                      <rect className={cell.value === null ? "ct-heat ct-heat--none" : `ct-heat ct-heat--${shade}`} x={x + 1} y={cellTop} width={cellWidth - 2} height={cellHeight} />
                      {cell.value === null ? (
                        <text className="ct-heat__text" x={middle} y={cellTop + cellHeight / 2 + 4} textAnchor="middle">{cell.suppressed ? "*" : "none"}</text>
                      ) : (
                        <>
                          <text className={stacked ? "ct-heat__text ct-heat__text--tight" : "ct-heat__text"} x={middle} y={cellTop + 16} textAnchor="middle">{marks[cell.verdict]}{stacked || marks[cell.verdict] === "" ? "" : " "}{text(cell.value)}</text>
                          {cell.low !== null && cell.high !== null && (stacked
                            ? <><text className="ct-heat__small" x={middle} y={cellTop + 30} textAnchor="middle">{decimal(cell.low)} to</text><text className="ct-heat__small" x={middle} y={cellTop + 43} textAnchor="middle">{decimal(cell.high)}</text></>
                            : <text className="ct-heat__small" x={middle} y={cellTop + 31} textAnchor="middle">{decimal(cell.low)} to {decimal(cell.high)}</text>)}
                        </>
                      )}
                    </g>
                  );
                })}
              </g>
            );
          })}
        </svg>
      </div>
      <p className="ct-key">
        {crossing.note} The darker, the higher.{crossing.cells.some((cell) => cell.verdict === "better" || cell.verdict === "worse") ? " ▲ better, ▼ worse than the whole beyond chance." : crossing.cells.some((cell) => cell.verdict === "higher" || cell.verdict === "lower") ? " ↑ higher, ↓ lower than the whole beyond chance." : ""}{hidden && " *: 1 to 7, or a neighbour of such a count, hidden to protect people."}
      </p>
    </Chart>
  );
}
