// A weight, bar by bar: each field moves it towards one person (right) or two (left); the last bar is the whole.
import type { ReviewItem } from "../api/types";
import { decimal } from "../figure/words";
import { Chart } from "./chart";
import { linear } from "./scale";
import { narrowWidth, useNarrow } from "./use-narrow";

type Bar = ReviewItem["waterfall"][number];

export const signed = (bits: number): string => `${bits < 0 ? "−" : "+"}${decimal(Math.abs(bits))}`;

const said = (titles: string[]): string => titles.map((title, i) => (i === 0 ? title : title.charAt(0).toLowerCase() + title.slice(1))).join(" and ");

/** What speaks most for one person, and most against. */
export function finding(bars: Bar[]): string {
  const fields = bars.filter((bar) => bar.field !== "prior" && bar.field !== "rivals");
  const most = (sign: number) => fields.filter((bar) => bar.bits * sign >= 0.5).sort((a, b) => (b.bits - a.bits) * sign).slice(0, 2).map((bar) => bar.title);
  const yes = most(1);
  const no = most(-1);
  if (yes.length === 0 && no.length === 0) return "No field says much either way";
  const first = yes.length === 0 ? "" : `${said(yes)} ${yes.length === 1 ? "speaks" : "speak"} most for one person`;
  const second = no.length === 0 ? "" : `${said(no)} ${no.length === 1 ? "speaks" : "speak"} against`;
  return first === "" ? second : second === "" ? first : `${first}; ${second.charAt(0).toLowerCase()}${second.slice(1)}`;
}

export function Waterfall({ bars, weight, name, synthetic }: { bars: Bar[]; weight: number; name: string; synthetic: boolean }) {
  const narrow = useNarrow();
  const rows = [...bars, { field: "all", title: "Together", level: "", bits: weight, from: 0, to: weight }];
  const width = narrow ? narrowWidth : 760;
  const left = narrow ? 8 : 300;
  const step = narrow ? 46 : 30;
  const top = 28;
  const height = top + rows.length * step + 8;
  const ends = rows.flatMap((bar) => [bar.from, bar.to, 0]);
  const x = linear(Math.min(...ends), Math.max(...ends), left + 4, width - 60);
  const title = finding(bars);
  const table = {
    columns: ["Field", "How it agrees", "Weight", "Sum so far"],
    rows: rows.map((bar) => [bar.title, bar.level, signed(bar.bits), signed(bar.to)]),
  };
  return (
    <Chart title={title} subtitle="Weight of evidence by field, in bits: each bit doubles or halves the odds that both are one person" table={table} name={name} synthetic={synthetic}>
      <svg className={narrow ? "ct-svg ct-svg--narrow" : "ct-svg"} viewBox={`0 0 ${width} ${height}`} role="img"
        aria-label={`${title}. ${rows.map((bar) => `${bar.title}${bar.level === "" ? "" : `, ${bar.level}`}: ${signed(bar.bits)}`).join(". ")}`}>
        <text className="ct-tick" x={Math.min(x(0) + 6, width - 120)} y={14}>one person ▶</text>
        {x(0) - 6 > left + 70 && <text className="ct-tick" x={x(0) - 6} y={14} textAnchor="end">◀ two people</text>}
        <line className="ct-zero" x1={x(0)} x2={x(0)} y1={top - 8} y2={height - 4} />
        {rows.map((bar, i) => {
          const y = top + i * step + (narrow ? 20 : 4);
          const from = Math.min(x(bar.from), x(bar.to));
          const long = Math.max(Math.abs(x(bar.to) - x(bar.from)), 1.5);
          const kind = bar.field === "all" ? "all" : bar.bits < 0 ? "against" : "for";
          const next = rows[i + 1];
          return (
            <g key={bar.field + bar.level}>
              {narrow
                ? <text className="ct-label ct-halo" x={0} y={y - 5}><tspan className="ct-strong">{bar.title}</tspan>{bar.level === "" ? "" : `: ${bar.level}`}</text>
                : <text className="ct-label" x={left - 10} y={y + 13} textAnchor="end"><tspan className="ct-strong">{bar.title}</tspan>{bar.level === "" ? "" : `: ${bar.level}`}</text>}
              <rect className={`ct-waterfall ct-waterfall--${kind}`} x={from} y={y} width={long} height={18} />
              {next !== undefined && next.field !== "all" && <line className="ct-grid" x1={x(bar.to)} x2={x(bar.to)} y1={y + 18} y2={y + step} />}
              <text className="ct-value" x={from + long + 5} y={y + 14}>{signed(bar.bits)}</text>
            </g>
          );
        })}
      </svg>
    </Chart>
  );
}
