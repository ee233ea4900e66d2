// Why a figure changed: from the earlier value to the latest, one step a cause. Steps need no zero line: they are
// distances, drawn from where the step before ended.
import type { MeasureChange } from "../api/types";
import { count, decimal } from "../figure/words";
import { Chart } from "./chart";
import { linear } from "./scale";
import { narrowWidth, useNarrow } from "./use-narrow";

const size = (value: number): string => (value > 0 && value < 0.1 ? value.toFixed(2) : decimal(value));
const signed = (value: number): string => (value > 0 ? `+${size(value)}` : value < 0 ? `−${size(-value)}` : "0.0");
const shown = (value: number | null): string => (value === null ? "*" : count(value));

export function ChangeChart({ change, name, unit, synthetic }: { change: MeasureChange; name: string; unit: string; synthetic: boolean }) {
  const narrow = useNarrow();
  const width = narrow ? narrowWidth : 640;
  const left = narrow ? 8 : 210;
  const step = narrow ? 46 : 32;
  const table = {
    columns: ["Step", "Added to the count", "Taken from the count", "Added to out of", "Taken from out of", `Effect, ${unit}`],
    rows: [
      [change.before.title, shown(change.before.numerator), "", shown(change.before.denominator), "", change.before.value ?? "*"],
      ...change.parts.map((part) => [part.title, part.known ? shown(part.gained) : "", part.known ? shown(part.lost) : "", part.known ? shown(part.gained_out_of) : "", part.known ? shown(part.lost_out_of) : "", part.known ? part.points ?? "*" : "not told apart"]),
      [change.after.title, shown(change.after.numerator), "", shown(change.after.denominator), "", change.after.value ?? "*"],
    ],
  };
  const before = change.before.value;
  const after = change.after.value;
  let at = before;
  const steps = change.parts.map((part) => {
    const from = at;
    at = at === null || part.points === null ? null : at + part.points;
    return { part, from, to: at };
  });
  // The parts sum before counts are rounded; what rounding leaves is a step of its own.
  const rest = after === null || at === null ? 0 : Math.round((after - at) * 100) / 100;
  const rounding = Math.abs(rest) >= 0.05 && at !== null ? { from: at, to: at + rest } : undefined;
  const values = [before, after, ...steps.flatMap((one) => [one.from, one.to])].filter((value): value is number => value !== null);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const room = Math.max((high - low) * 0.25, 0.5);
  const x = linear(low - room, high + room, left + 10, width - 60);
  const rows = change.parts.length + 2 + (rounding === undefined ? 0 : 1);
  const height = rows * step + 12;
  const y = (row: number) => row * step + (narrow ? 34 : 22);
  const label = (row: number, text: string, strong = false) => <text className={strong ? "ct-label ct-label--strong" : "ct-label"} x={narrow ? 8 : left - 8} y={narrow ? y(row) - 18 : y(row) + 5} textAnchor={narrow ? "start" : "end"}>{text}</text>;
  const end = (row: number, title: string, value: number | null) => (
    <g role="img" aria-label={`${title}: ${value === null ? "hidden to protect people" : `${decimal(value)} ${unit}`}`}>
      {label(row, title, true)}
      {value === null ? <text className="ct-label" x={left + 10} y={y(row) + 5}>* hidden</text> : (
        <>
          <circle className="ct-spc" cx={x(value)} cy={y(row)} r={7} />
          <text className="ct-label" x={x(value) + 12} y={y(row) + 5}>{decimal(value)}{unit === "%" ? "%" : ""}</text>
        </>
      )}
    </g>
  );
  const title = before === null || after === null ? change.sentence : `${signed(Math.round((after - before) * 100) / 100)} ${unit === "%" ? "points" : unit} since ${change.before.title}`;
  return (
    <Chart title={title} subtitle={`${name}: what each cause did to the figure, ${unit}`} table={table} name={`change-${change.measure}`} synthetic={synthetic}>
      <div className="ct-scroll" tabIndex={0} role="region" aria-label="What each cause did, chart">
        <svg className={narrow ? "ct-svg ct-svg--narrow" : "ct-svg"} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={`${title}. ${change.sentences.join(" ")}`}>
          {end(0, change.before.title.replace(/^the snapshot.*\((.*)\)$/, "Then, $1"), before)}
          {steps.map(({ part, from, to }, i) => {
            const row = i + 1;
            const told = !part.known ? "needs another snapshot" : from === null || to === null ? "* hidden to protect people" : part.points === 0 ? "no effect" : `${signed(part.points ?? 0)}`;
            const drawn = part.known && from !== null && to !== null;
            return (
              <g key={part.cause} role="img" aria-label={`${part.title}: ${told}`}>
                {label(row, part.title.replace("Real change and changed definition together", "Real change and rule"))}
                {drawn && <line className="ct-grid" x1={x(from)} x2={x(from)} y1={y(row) - step} y2={y(row)} />}
                {drawn && from !== to && <line className={to > from ? "ct-step ct-step--up" : "ct-step ct-step--down"} x1={x(from)} x2={x(to)} y1={y(row)} y2={y(row)} />}
                {drawn && from !== to && <path className="ct-step__head" d={to > from ? `M${x(to)} ${y(row) - 7}l8 7l-8 7z` : `M${x(to)} ${y(row) - 7}l-8 7l8 7z`} />}
                <text className={part.known ? "ct-label" : "ct-label ct-label--quiet"} x={drawn ? Math.max(x(from), x(to)) + 14 : left + 10} y={y(row) + 5}>{told}</text>
              </g>
            );
          })}
          {rounding !== undefined && (
            <g role="img" aria-label={`Rounding of counts: ${signed(rest)}`}>
              {label(rows - 2, "Rounding of counts")}
              <line className="ct-grid" x1={x(rounding.from)} x2={x(rounding.from)} y1={y(rows - 2) - step} y2={y(rows - 2)} />
              <line className="ct-step ct-step--rounding" x1={x(rounding.from)} x2={x(rounding.to)} y1={y(rows - 2)} y2={y(rows - 2)} />
              <text className="ct-label ct-label--quiet" x={Math.max(x(rounding.from), x(rounding.to)) + 14} y={y(rows - 2) + 5}>{signed(rest)}</text>
            </g>
          )}
          {end(rows - 1, change.after.title, after)}
        </svg>
      </div>
    </Chart>
  );
}
