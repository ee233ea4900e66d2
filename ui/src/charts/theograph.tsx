// A person's contacts as lanes by setting over time (a theograph): events as marks, long stays as bars.
// Zoom from decades to days; the arrow keys move along, plus and minus zoom; a mark tells itself on focus.
import { useMemo, useState, type KeyboardEvent } from "react";
import type { Lane, TimelineEvent } from "../api/types";
import { longDate } from "../figure/words";
import { linear } from "./scale";

const day = 86_400_000;
const at = (iso: string): number => Date.parse(iso.slice(0, 10));
const zooms: { title: string; days: number }[] = [
  { title: "10 years", days: 3653 },
  { title: "3 years", days: 1096 },
  { title: "1 year", days: 365 },
  { title: "3 months", days: 92 },
  { title: "1 month", days: 31 },
];
const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function gridLines(from: number, to: number): { x: number; text: string }[] {
  const days = (to - from) / day;
  const lines: { x: number; text: string }[] = [];
  const start = new Date(from);
  const stepMonths = days > 1500 ? 12 : days > 500 ? 6 : days > 120 ? 2 : 1;
  let when = new Date(Date.UTC(start.getUTCFullYear(), stepMonths === 12 ? 0 : start.getUTCMonth(), 1));
  while (when.getTime() <= to) {
    if (when.getTime() >= from) lines.push({ x: when.getTime(), text: stepMonths === 12 ? String(when.getUTCFullYear()) : `${monthNames[when.getUTCMonth()] ?? ""} ${when.getUTCFullYear()}` });
    when = new Date(Date.UTC(when.getUTCFullYear(), when.getUTCMonth() + stepMonths, 1));
  }
  if (days <= 45) {
    for (let t = from; t <= to; t += 7 * day) lines.push({ x: t, text: String(new Date(t).getUTCDate()) });
  }
  return lines;
}

export function Theograph({ lanes, events, today, truncated }: { lanes: Lane[]; events: TimelineEvent[]; today: string; truncated: boolean }) {
  const end = Math.max(at(today), ...events.map((event) => at(event.end ?? event.start)));
  const [zoom, setZoom] = useState(0);
  const [to, setTo] = useState(end);
  const [chosen, setChosen] = useState<TimelineEvent>();
  const days = zooms[zoom]?.days ?? 365;
  const from = to - days * day;
  const width = 960;
  const left = 130;
  const laneHeight = 44;
  const height = lanes.length * laneHeight + 26;
  const x = linear(from, to, left, width - 8);
  const shown = useMemo(() => events.filter((event) => at(event.end ?? (event.open ? today : event.start)) >= from && at(event.start) <= to), [events, from, to, today]);
  const move = (share: number) => setTo(Math.min(end, Math.max(at(events[events.length - 1]?.start ?? today) + 30 * day, to + share * days * day)));
  const changeZoom = (next: number) => setZoom(Math.min(zooms.length - 1, Math.max(0, next)));
  const keys = (event: KeyboardEvent) => {
    if (event.key === "+" || event.key === "=") changeZoom(zoom + 1);
    else if (event.key === "-") changeZoom(zoom - 1);
    else if (event.key === "ArrowLeft") move(-0.25);
    else if (event.key === "ArrowRight") move(0.25);
    else return;
    event.preventDefault();
  };
  const laneOf = new Map(lanes.map((lane, i) => [lane.id as string, i]));
  return (
    <div className="ct-theograph">
      <div className="ct-switches">
        <div role="group" aria-label="Time shown" className="ct-switch">
          {zooms.map((one, i) => <button type="button" key={one.title} aria-pressed={zoom === i} onClick={() => setZoom(i)}>{one.title}</button>)}
        </div>
        <div role="group" aria-label="Move in time" className="ct-switch">
          <button type="button" onClick={() => move(-0.5)}>Earlier</button>
          <button type="button" onClick={() => move(0.5)} disabled={to >= end}>Later</button>
        </div>
      </div>
      <p className="ct-map__told" aria-live="polite">
        {chosen === undefined
          ? `${shown.length} events from ${longDate(new Date(from).toISOString())} to ${longDate(new Date(to).toISOString())}. Point at or move to a mark to read it.`
          : <><strong>{chosen.title}</strong>, {longDate(chosen.start)}{chosen.end !== null && chosen.end !== chosen.start && <> to {longDate(chosen.end)}</>}{chosen.open && " (still running)"}{chosen.organisation !== null && <>, {chosen.organisation}</>}{chosen.detail !== null && <>. {chosen.detail}</>}</>}
      </p>
      <div className="ct-scroll" role="region" aria-label="Timeline across all settings. Arrow keys move, plus and minus zoom." tabIndex={0} onKeyDown={keys}>
        <svg className="ct-svg ct-svg--timeline" viewBox={`0 0 ${width} ${height}`} role="group" aria-label="Timeline">
          {gridLines(from, to).map((line) => (
            <g key={`${line.x} ${line.text}`}>
              <line className="ct-grid" x1={x(line.x)} x2={x(line.x)} y1={0} y2={height - 22} />
              {x(line.x) < width - 60 && <text className="ct-tick" x={x(line.x) + 3} y={height - 8}>{line.text}</text>}
            </g>
          ))}
          {lanes.map((lane, i) => (
            <g key={lane.id}>
              <line className="ct-lane" x1={left} x2={width} y1={i * laneHeight + laneHeight / 2} y2={i * laneHeight + laneHeight / 2} />
              <text className="ct-label" x={left - 8} y={i * laneHeight + laneHeight / 2 + 4} textAnchor="end">{lane.title}</text>
            </g>
          ))}
          {shown.map((event, i) => {
            const lane = laneOf.get(event.lane);
            if (lane === undefined) return null;
            const y = lane * laneHeight + laneHeight / 2;
            const start = Math.max(x(at(event.start)), left);
            const stop = Math.min(x(at(event.end ?? (event.open ? today : event.start))), width - 8);
            const said = `${event.title}, ${longDate(event.start)}${event.organisation === null ? "" : `, ${event.organisation}`}`;
            const shared = { className: `ct-mark ct-mark--${event.weight}`, role: "img", "aria-label": said, tabIndex: 0, onMouseEnter: () => setChosen(event), onFocus: () => setChosen(event), onClick: () => setChosen(event) } as const;
            return stop - start > 7
              ? <rect key={i} {...shared} x={start} y={y - 6 - event.weight * 2} width={stop - start} height={12 + event.weight * 4} rx={2} />
              : event.weight >= 3
                ? <path key={i} {...shared} d={`M${start} ${y - 11}l8 11l-8 11l-8 -11z`} />
                : <circle key={i} {...shared} cx={start} cy={y} r={3 + event.weight} />;
          })}
        </svg>
      </div>
      {truncated && <p className="nhsuk-body-s">Only the most recent events are drawn; the tables below hold all of them.</p>}
    </div>
  );
}
