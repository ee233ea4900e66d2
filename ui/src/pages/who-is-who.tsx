// The structure in one picture: people and places at the bottom, providers above, places and collaboratives,
// the board and the partnership, national bodies and councils at the top. A body chosen lights up its lines.
import { useMemo, useState } from "react";
import type { Body, BodyDetail, Relation, Structure } from "../api/types";
import { useData } from "../api/use-data";
import { longDate } from "../figure/words";
import { addresses } from "../frame/addresses";
import { Link } from "../frame/link";
import { Page } from "../frame/page";
import { setQuery, useRoute } from "../frame/route";
import { Loaded } from "../frame/states";

export function GovernanceTabs({ at }: { at: "who" | "priorities" | "services" }) {
  return (
    <nav className="ct-tabs" aria-label="Governance pages">
      <Link href={addresses.whoIsWho} aria-current={at === "who" ? "page" : undefined}>Who is who</Link>
      <Link href={addresses.priorities} aria-current={at === "priorities" ? "page" : undefined}>Priorities</Link>
      <Link href={addresses.services} aria-current={at === "services" ? "page" : undefined}>Services</Link>
    </nav>
  );
}

const roleWords: Record<string, string> = { decides: "decides", pays: "pays", provides: "provides", scrutinises: "scrutinises", advises: "advises", represents: "speaks for residents", regulates: "regulates", owns: "owns" };
type View = "decides" | "pays" | "provides" | "scrutinises" | "answers";
/** What can be asked of the picture: which bodies it lights up, and which lines it draws. */
const views: { id: View; title: string; role: Body["roles"][number] | undefined; lines: Relation["kind"][]; reading: string }[] = [
  { id: "answers", title: "Who answers to whom", role: undefined, lines: ["answers_to"], reading: "A line joins a body to the one it answers to." },
  { id: "decides", title: "Who decides", role: "decides", lines: ["delegates_to"], reading: "Bodies that decide are lit. A line joins whoever sets a strategy to whoever works to it." },
  { id: "pays", title: "Who pays whom", role: "pays", lines: ["pays"], reading: "Bodies that pay are lit. A line joins payer and paid." },
  { id: "provides", title: "Who gives care", role: "provides", lines: ["provides_for", "member_of"], reading: "Bodies that give care or bring it together are lit. A line joins a body to those it belongs to or works for." },
  { id: "scrutinises", title: "Who scrutinises", role: "scrutinises", lines: ["scrutinises", "advises"], reading: "Bodies that look at how others do are lit. A line joins them to those they question or advise." },
];

const boxWidth = 168;
const boxHeight = 54;
const wide = 860;
const perRow = 4;

interface Spot {
  body: Body;
  x: number;
  y: number;
}

function wrap(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines[lines.length - 1];
    if (last !== undefined && `${last} ${word}`.length <= letters) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.slice(0, 3);
}

interface Band {
  title: string;
  note: string;
  y: number;
  height: number;
  columns: string[];
}

/** Bodies of one place each stand in columns, a place a column; others in rows. */
function rowsOf(bodies: Body[]): { rows: Body[][]; columns: string[] } {
  const columns = [...new Set(bodies.flatMap((body) => body.places))];
  const ofOnePlace = bodies.length > 4 && columns.length > 1 && columns.length <= perRow && bodies.every((body) => body.places.length === 1);
  if (!ofOnePlace) {
    const rows = Math.ceil(bodies.length / perRow);
    const each = Math.ceil(bodies.length / rows);
    return { rows: Array.from({ length: rows }, (_, row) => bodies.slice(row * each, (row + 1) * each)), columns: [] };
  }
  const stacks = columns.map((place) => bodies.filter((body) => body.places[0] === place));
  const deepest = Math.max(...stacks.map((stack) => stack.length));
  return { rows: Array.from({ length: deepest }, (_, row) => stacks.flatMap((stack) => stack[row] ?? [])), columns };
}

function arrange(structure: Structure): { spots: Map<string, Spot>; bands: Band[]; height: number } {
  const spots = new Map<string, Spot>();
  const bands: Band[] = [];
  let y = 0;
  // The answer lists levels from residents outwards; the picture has residents at the bottom.
  for (const level of [...structure.levels].reverse()) {
    const bodies = structure.bodies.filter((body) => body.level === level.id && body.closed === null).sort((a, b) => a.order - b.order);
    if (bodies.length === 0) continue;
    const { rows, columns } = rowsOf(bodies);
    rows.forEach((inRow, row) => inRow.forEach((body, i) => {
      const gap = wide / (columns.length > 0 ? columns.length : inRow.length);
      const at = columns.length > 0 ? columns.indexOf(body.places[0] ?? "") : i;
      spots.set(body.id, { body, x: gap * at + gap / 2 - boxWidth / 2, y: y + 32 + row * (boxHeight + 16) });
    }));
    const height = 36 + rows.length * (boxHeight + 16) + 6;
    bands.push({ title: level.title, note: level.note, y, height, columns });
    y += height + 22;
  }
  return { spots, bands, height: y };
}

export function WhoIsWhoPage() {
  const structure = useData<Structure>("/structure");
  const chosen = useRoute().query.get("body") ?? undefined;
  return (
    <Page title="Who is who" lead={structure.data?.sentence} crumbs={[{ title: "Start", href: "/" }]} wide>
      <GovernanceTabs at="who" />
      <Loaded from={structure} doing="Drawing the structure">{(data) => <Picture structure={data} chosen={chosen} />}</Loaded>
    </Page>
  );
}

function Picture({ structure, chosen }: { structure: Structure; chosen: string | undefined }) {
  const [pointed, setPointed] = useState<string>();
  const asked = useRoute().query.get("show");
  const view = views.find((one) => one.id === asked) ?? views[0]!;
  const { spots, bands, height } = useMemo(() => arrange(structure), [structure]);
  const lit = pointed ?? chosen;
  const relations = structure.relations.filter((relation) => spots.has(relation.from) && spots.has(relation.to) && relation.until === null);
  const drawn = relations.filter((relation) => (lit === undefined ? view.lines.includes(relation.kind) : relation.from === lit || relation.to === lit));
  const near = lit === undefined
    ? new Set(view.role === undefined ? spots.keys() : [...spots.values()].filter(({ body }) => body.roles.includes(view.role!)).map(({ body }) => body.id))
    : new Set(drawn.flatMap((r) => [r.from, r.to]).concat(lit));
  const past = structure.bodies.filter((body) => body.closed !== null);
  const choose = (body: string) => setQuery({ body });
  return (
    <>
      <div className="ct-switches">
        <div role="group" aria-label="What the picture shows" className="ct-switch">
          {views.map((one) => <button type="button" key={one.id} aria-pressed={view.id === one.id && chosen === undefined} onClick={() => setQuery({ show: one.id, body: undefined })}>{one.title}</button>)}
        </div>
      </div>
      <p className="nhsuk-body-s">{lit === undefined ? view.reading : "The lines of the body chosen. Press a button above to see the whole picture again."}</p>
      <div className="ct-structure">
        <div className="ct-scroll" role="region" aria-label="The structure, drawn" tabIndex={0}>
          <svg className="ct-svg ct-svg--structure" viewBox={`-2 -2 ${wide + 4} ${height + 44}`} role="group" aria-label="Bodies by level. Choose one to see what it is for.">
            {bands.map((band) => (
              <g key={band.title}>
                <rect className="ct-band" x={0} y={band.y} width={wide} height={band.height} rx={4} />
                <text className="ct-band__title" x={12} y={band.y + 19}>{band.title}</text>
              </g>
            ))}
            <rect className="ct-band ct-band--residents" x={0} y={height} width={wide} height={36} rx={4} />
            <text className="ct-band__residents" x={wide / 2} y={height + 24} textAnchor="middle">Residents: the people all of this is for</text>
            {drawn.map((relation, i) => {
              const a = spots.get(relation.from);
              const b = spots.get(relation.to);
              if (a === undefined || b === undefined) return null;
              const down = a.y < b.y;
              const flat = Math.abs(a.y - b.y) < 2;
              const ax = a.x + boxWidth / 2;
              const bx = b.x + boxWidth / 2;
              const ay = flat ? a.y : down ? a.y + boxHeight : a.y;
              const by = flat ? b.y : down ? b.y : b.y + boxHeight;
              const bend = flat ? -24 : (by - ay) / 2;
              const path = flat ? `M${ax} ${ay}C${ax} ${ay + bend} ${bx} ${by + bend} ${bx} ${by}` : `M${ax} ${ay}C${ax} ${ay + bend} ${bx} ${by - bend} ${bx} ${by}`;
              return <path key={i} className={`ct-line ct-line--${relation.kind}`} d={path}><title>{relation.label}</title></path>;
            })}
            {[...spots.values()].map(({ body, x, y }) => (
              <g key={body.id} className={`ct-body${near.has(body.id) ? "" : " ct-body--dim"}${chosen === body.id ? " ct-body--chosen" : ""}`} role="button" tabIndex={0}
                aria-pressed={chosen === body.id} aria-label={`${body.short_name || body.name} ${body.short_name && body.short_name !== body.name ? `(${body.name})` : ""}: ${body.what_it_is_for}`}
                onMouseEnter={() => setPointed(body.id)} onMouseLeave={() => setPointed(undefined)} onFocus={() => setPointed(body.id)} onBlur={() => setPointed(undefined)}
                onClick={() => choose(body.id)}
                onKeyDown={(event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); choose(body.id); } }}>
                <rect x={x} y={y} width={boxWidth} height={boxHeight} rx={4} />
                {wrap(body.short_name || body.name, 19).map((line, i, all) => <text key={line + i} x={x + boxWidth / 2} y={y + boxHeight / 2 + 5 + (i - (all.length - 1) / 2) * 16} textAnchor="middle">{`${line} `}</text>)}
              </g>
            ))}
          </svg>
        </div>
        <aside className="ct-structure__side" aria-live="polite">
          {chosen === undefined ? (
            <>
              <h2 className="nhsuk-heading-s">How to read this</h2>
              <p>Residents are at the bottom; the further up, the wider the area a body answers for. Choose a body to read what it is for, who sits on it and to whom it answers.</p>
              <ul className="nhsuk-list">{bands.map((band) => <li key={band.title}><strong>{band.title}</strong>: {band.note}</li>)}</ul>
            </>
          ) : <Chosen body={chosen} />}
        </aside>
      </div>
      <InWords structure={structure} />
      {past.length > 0 && (
        <details className="nhsuk-details">
          <summary className="nhsuk-details__summary"><span className="nhsuk-details__summary-text">Bodies that no longer exist ({past.length})</span></summary>
          <div className="nhsuk-details__text">
            <ul className="nhsuk-list nhsuk-list--bullet">
              {past.map((body) => <li key={body.id}><strong>{body.name}</strong>{body.code !== null && ` (${body.code})`}, until {longDate(body.closed)}: {body.what_it_is_for}</li>)}
            </ul>
          </div>
        </details>
      )}
    </>
  );
}

/** The same in words: every body once, nearest to residents first, with what it is for and what it does. */
function InWords({ structure }: { structure: Structure }) {
  return (
    <section aria-labelledby="in-words">
      <h2 className="nhsuk-heading-m" id="in-words">The same in words</h2>
      {structure.levels.map((level) => {
        const bodies = structure.bodies.filter((body) => body.level === level.id && body.closed === null).sort((a, b) => a.order - b.order);
        if (bodies.length === 0) return null;
        return (
          <details className="nhsuk-details" key={level.id}>
            <summary className="nhsuk-details__summary"><span className="nhsuk-details__summary-text">{level.title} ({bodies.length})</span></summary>
            <div className="nhsuk-details__text">
              <p>{level.note}.</p>
              <ul className="nhsuk-list">
                {bodies.map((body) => (
                  <li key={body.id}>
                    <Link href={addresses.body(body.id)}>{body.name}</Link>: {body.what_it_is_for}{" "}
                    <span className="ct-roles">{body.roles.map((role) => <span className="nhsuk-tag nhsuk-tag--blue" key={role}>{roleWords[role] ?? role}</span>)}</span>
                  </li>
                ))}
              </ul>
            </div>
          </details>
        );
      })}
    </section>
  );
}

function Chosen({ body }: { body: string }) {
  const detail = useData<BodyDetail>(`/structure/${encodeURIComponent(body)}`);
  return (
    <Loaded from={detail} doing="Reading about this body">
      {(data) => {
        const does = ([["Decides", data.body.decides], ["Pays", data.body.pays], ["Provides", data.body.provides], ["Scrutinises", data.body.scrutinises]] as const)
          .flatMap(([word, sentence]) => (sentence === null ? [] : [[word, sentence] as const]));
        const names = new Map([...data.neighbours, data.body].map((one) => [one.id, one.name] as const));
        return (
          <>
            <h2 className="nhsuk-heading-s">{data.body.name}</h2>
            <p>{data.body.what_it_is_for}</p>
            {data.body.expected && <p><strong>Expected, not yet confirmed.</strong></p>}
            {does.length > 0 ? (
              <dl className="ct-does">{does.map(([word, sentence]) => <div key={word}><dt>{word}</dt><dd>{sentence}</dd></div>)}</dl>
            ) : <p className="ct-roles">{data.body.roles.map((role) => <span className="nhsuk-tag nhsuk-tag--blue" key={role}>{roleWords[role] ?? role}</span>)}</p>}
            {data.body.seats.length > 0 && (
              <>
                <h3 className="nhsuk-heading-xs">Who sits on it</h3>
                <ul className="nhsuk-list nhsuk-list--bullet">{data.body.seats.map((seat) => <li key={seat.title}>{seat.title}{seat.organisation !== null && `, ${seat.organisation}`}{seat.note !== null && ` (${seat.note})`}</li>)}</ul>
              </>
            )}
            {data.relations.length > 0 && (
              <>
                <h3 className="nhsuk-heading-xs">How it stands to others</h3>
                <ul className="nhsuk-list nhsuk-list--bullet">
                  {data.relations.map((relation, i) => {
                    const other = relation.from === data.body.id ? relation.to : relation.from;
                    return <li key={i}><Link href={addresses.body(other)}>{names.get(other) ?? other}</Link>: {relation.label}</li>;
                  })}
                </ul>
              </>
            )}
            {data.services.length > 0 && <><h3 className="nhsuk-heading-xs">Services</h3><p>{data.services.map((service) => service.name).join(", ")}</p></>}
            <p><button type="button" className="ct-plain" onClick={() => setQuery({ body: undefined })}>Show the whole picture</button></p>
          </>
        );
      }}
    </Loaded>
  );
}
