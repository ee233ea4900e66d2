// One hexagon a small area, arranged to resemble the area; place borders drawn. Hover or focus tells the figure.
import { useMemo, useState } from "react";
import type { AreaCell, AreaMap } from "../api/types";
import { spoken, unitText, valueText } from "../figure/figure";
import { decimal } from "../figure/words";
import { Chart } from "./chart";

const radius = 9;
const across = Math.sqrt(3) * radius;

function centre(column: number, row: number): [number, number] {
  return [across * (column + (row % 2 === 0 ? 0 : 0.5)) + across, radius * 1.5 * row + radius * 1.5];
}

const corners = Array.from({ length: 6 }, (_, k) => {
  const angle = (Math.PI / 180) * (60 * k - 90);
  return [radius * Math.cos(angle), radius * Math.sin(angle)] as const;
});

// Neighbour across edge k (between corner k and k+1), for rows set to the right when odd.
function neighbour(column: number, row: number, k: number): [number, number] {
  const odd = row % 2 !== 0;
  switch (k) {
    case 0: return [column + (odd ? 1 : 0), row - 1];
    case 1: return [column + 1, row];
    case 2: return [column + (odd ? 1 : 0), row + 1];
    case 3: return [column - (odd ? 0 : 1), row + 1];
    case 4: return [column - 1, row];
    default: return [column - (odd ? 0 : 1), row - 1];
  }
}

function classOf(cell: AreaCell, breaks: number[]): string {
  if (cell.figure.suppressed) return "hidden";
  if (cell.figure.value === null) return "none";
  const value = cell.figure.value;
  const at = breaks.findIndex((limit) => value <= limit);
  return String(at === -1 ? breaks.length : at);
}

export function HexMap({ map, synthetic }: { map: AreaMap; synthetic: boolean }) {
  const [at, setAt] = useState<AreaCell>();
  const places = useMemo(() => new Map(map.places.map((place) => [place.id, place.name])), [map]);
  const { borders, width, height, minColumn, minRow } = useMemo(() => {
    const where = new Map(map.cells.map((cell) => [`${cell.column},${cell.row}`, cell.place]));
    const columns = map.cells.map((cell) => cell.column);
    const rows = map.cells.map((cell) => cell.row);
    const lowColumn = Math.min(...columns);
    const lowRow = Math.min(...rows) - (Math.min(...rows) % 2 === 0 ? 0 : 1);
    const lines: string[] = [];
    for (const cell of map.cells) {
      const [x, y] = centre(cell.column - lowColumn, cell.row - lowRow);
      for (let k = 0; k < 6; k += 1) {
        const [nc, nr] = neighbour(cell.column, cell.row, k);
        if (where.get(`${nc},${nr}`) === cell.place) continue;
        const a = corners[k];
        const b = corners[(k + 1) % 6];
        if (a && b) lines.push(`M${x + a[0]} ${y + a[1]}L${x + b[0]} ${y + b[1]}`);
      }
    }
    return {
      borders: lines.join(""),
      width: across * (Math.max(...columns) - lowColumn + 2.5),
      height: radius * 1.5 * (Math.max(...rows) - lowRow + 3),
      minColumn: lowColumn,
      minRow: lowRow,
    };
  }, [map]);
  const order = useMemo(() => [...map.cells].sort((a, b) => a.row - b.row || a.column - b.column), [map]);
  const [focus, setFocus] = useState(0);
  const move = (from: AreaCell, dx: number, dy: number) => {
    let best = -1;
    let distance = Infinity;
    const [x, y] = centre(from.column, from.row);
    order.forEach((cell, i) => {
      const [cx, cy] = centre(cell.column, cell.row);
      const ahead = (cx - x) * dx + (cy - y) * dy;
      const aside = Math.abs((cx - x) * dy) + Math.abs((cy - y) * dx);
      if (ahead > 1 && ahead + aside * 2 < distance) {
        distance = ahead + aside * 2;
        best = i;
      }
    });
    const target = order[best];
    if (target === undefined) return;
    setFocus(best);
    document.getElementById(`area-${target.code}`)?.focus();
  };
  const unit = map.measure.unit;
  const byArea = map.geography !== "Neighbourhoods";
  const compared = (cell: AreaCell) => (map.whole === null ? [] : [cell.figure.comparison?.difference == null ? "" : `${cell.figure.comparison.difference > 0 ? "+" : ""}${decimal(cell.figure.comparison.difference)} points`]);
  const comparison = map.whole === null ? [] : ["Against the whole area"];
  const neighbourhoods = [...new Map(map.cells.map((cell) => [cell.neighbourhood ?? "In no neighbourhood", cell])).entries()].sort((a, b) => a[0].localeCompare(b[0]));
  const table = byArea
    ? { columns: ["Small area", "Name", "Place", "Value", ...comparison, "Deprivation fifth"], rows: map.cells.map((cell) => [cell.code, cell.name, places.get(cell.place) ?? cell.place, valueText(cell.figure), ...compared(cell), cell.deprivation_fifth ?? ""]) }
    : { columns: ["Neighbourhood", "Place", "Value", ...comparison], rows: neighbourhoods.map(([name, cell]) => [name, places.get(cell.place) ?? cell.place, valueText(cell.figure), ...compared(cell)]) };
  const verdict = (cell: AreaCell) => (map.whole?.value == null || cell.figure.value === null || cell.figure.suppressed ? "" : `, the whole area ${valueText(map.whole)}`);
  const keys = [...map.scale.breaks.map((limit) => `to ${unit === "percent" ? `${decimal(limit)}%` : Math.round(limit)}`), map.scale.breaks.length > 0 ? `over ${unit === "percent" ? `${decimal(map.scale.breaks[map.scale.breaks.length - 1] ?? 0)}%` : Math.round(map.scale.breaks[map.scale.breaks.length - 1] ?? 0)}` : "all"];
  return (
    <Chart title={map.headline} subtitle={`${map.measure.name}${unit === "percent" ? ", %" : unitText(unit) ? `, ${unitText(unit)}` : ""}, by ${byArea ? "small area" : "neighbourhood"}. Each hexagon is one small area${byArea ? "" : ", coloured by its neighbourhood"}; areas are arranged to resemble the map.`}
      table={table} name={`map-${map.measure.id}`} synthetic={synthetic}>
      <p className="ct-map__told" aria-live="polite">
        {at === undefined ? "Point at or move to a hexagon to read its figure." : (
          <><strong>{byArea ? at.name : at.neighbourhood ?? "In no neighbourhood"}</strong>, {places.get(at.place)}{byArea && at.deprivation_fifth !== null && <>, deprivation fifth {at.deprivation_fifth} (1 is most deprived)</>}: {at.figure.suppressed ? at.figure.suppression_note ?? "hidden to protect people" : <>{valueText(at.figure)} {unitText(unit)}{verdict(at)}</>}</>
        )}
      </p>
      <div className="ct-scroll ct-map" role="region" aria-label="Map of small areas">
        <svg className="ct-svg" viewBox={`0 0 ${width} ${height}`} role="group" aria-label={`${map.headline}. Use the arrow keys to move between ${map.cells.length} small areas.`}>
          {order.map((cell, i) => {
            const [x, y] = centre(cell.column - minColumn, cell.row - minRow);
            return (
              <path key={cell.code} id={`area-${cell.code}`} className={`ct-hex ct-hex--${classOf(cell, map.scale.breaks)}`}
                d={`M${corners.map(([cx, cy]) => `${(x + cx).toFixed(2)} ${(y + cy).toFixed(2)}`).join("L")}Z`}
                role="img" aria-label={`${places.get(cell.place) ?? ""}, ${spoken({ ...cell.figure, label: byArea ? cell.name : `${cell.neighbourhood ?? "in no neighbourhood"}, ${cell.name}` })}${verdict(cell)}`} tabIndex={i === focus ? 0 : -1}
                onMouseEnter={() => setAt(cell)} onFocus={() => setAt(cell)}
                onKeyDown={(event) => {
                  const steps: Record<string, [number, number]> = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
                  const step = steps[event.key];
                  if (step === undefined) return;
                  event.preventDefault();
                  move(cell, step[0], step[1]);
                }} />
            );
          })}
          <path className="ct-border" d={borders} />
          {map.places.map((place) => {
            const [x, y] = centre(place.column - minColumn, place.row - minRow);
            return <text key={place.id} className="ct-map__place" x={x} y={y} textAnchor="middle">{place.name}</text>;
          })}
        </svg>
      </div>
      <p className="ct-key" aria-hidden="true">
        {keys.map((text, i) => <span key={text}><i className={`ct-hex--${i}`} /> {text}</span>)}
        <span><i className="ct-hex--hidden" /> hidden</span>
      </p>
    </Chart>
  );
}
