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
const lineKinds: { id: Relation["kind"]; title: string }[] = [
  { id: "answers_to", title: "answers to" },
  { id: "pays", title: "pays" },
  { id: "provides_for", title: "provides for" },
  { id: "scrutinises", title: "scrutinises" },
  { id: "member_of", title: "is a member of" },
  { id: "works_with", title: "works with" },
  { id: "advises", title: "advises" },
  { id: "regulates", title: "regulates" },
  { id: "delegates_to", title: "delegates to" },
  { id: "succeeded_by", title: "became" },
];

const boxWidth = 148;
const boxHeight = 54;
const wide = 1160;

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

function arrange(structure: Structure): { spots: Map<string, Spot>; bands: { title: string; note: string; y: number; height: number }[]; height: number } {
  const spots = new Map<string, Spot>();
  const bands: { title: string; note: string; y: number; height: number }[] = [];
  const perRow = Math.floor((wide - 20) / (boxWidth + 14));
  let y = 0;
  // The answer lists levels from residents outwards; the picture has residents at the bottom.
  for (const level of [...structure.levels].reverse()) {
    const bodies = structure.bodies.filter((body) => body.level === level.id && body.closed === null).sort((a, b) => a.order - b.order);
    if (bodies.length === 0) continue;
    const rows = Math.ceil(bodies.length / perRow);
    const each = Math.ceil(bodies.length / rows);
    bodies.forEach((body, i) => {
      const row = Math.floor(i / each);
      const inRow = Math.min(each, bodies.length - row * each);
      const gap = wide / inRow;
      spots.set(body.id, { body, x: gap * (i - row * each) + gap / 2 - boxWidth / 2, y: y + 30 + row * (boxHeight + 16) });
    });
    const height = 34 + rows * (boxHeight + 16) + 12;
    bands.push({ title: level.title, note: level.note, y, height });
    y += height + 16;
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
  const [shown, setShown] = useState<string>("answers_to");
  const { spots, bands, height } = useMemo(() => arrange(structure), [structure]);
  const lit = pointed ?? chosen;
  const relations = structure.relations.filter((relation) => spots.has(relation.from) && spots.has(relation.to) && relation.until === null);
  const near = new Set(lit === undefined ? [] : relations.filter((r) => r.from === lit || r.to === lit).flatMap((r) => [r.from, r.to]).concat(lit));
  const drawn = relations.filter((relation) => (lit === undefined ? relation.kind === shown : relation.from === lit || relation.to === lit));
  const past = structure.bodies.filter((body) => body.closed !== null);
  const kinds = lineKinds.filter((kind) => relations.some((relation) => relation.kind === kind.id));
  return (
    <>
      <div className="ct-switches">
        <div role="group" aria-label="Lines drawn" className="ct-switch">
          {kinds.map((kind) => <button type="button" key={kind.id} aria-pressed={shown === kind.id && lit === undefined} onClick={() => { setShown(kind.id); setQuery({ body: undefined }); }}>Who {kind.title}</button>)}
        </div>
      </div>
      <div className="ct-structure">
        <div className="ct-scroll" role="region" aria-label="The structure, drawn" tabIndex={0}>
          <svg className="ct-svg ct-svg--structure" viewBox={`-2 -2 ${wide + 4} ${height + 4}`} role="group" aria-label="Bodies by level. Choose one to see what it is for.">
            {bands.map((band) => (
              <g key={band.title}>
                <rect className="ct-band" x={0} y={band.y} width={wide} height={band.height} rx={4} />
                <text className="ct-band__title" x={12} y={band.y + 19}>{band.title}</text>
              </g>
            ))}
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
              <g key={body.id} className={`ct-body${lit === undefined || near.has(body.id) ? "" : " ct-body--dim"}${chosen === body.id ? " ct-body--chosen" : ""}`} role="button" tabIndex={0}
                aria-pressed={chosen === body.id} aria-label={`${body.short_name || body.name} ${body.short_name && body.short_name !== body.name ? `(${body.name})` : ""}: ${body.what_it_is_for}`}
                onMouseEnter={() => setPointed(body.id)} onMouseLeave={() => setPointed(undefined)} onFocus={() => setPointed(body.id)} onBlur={() => setPointed(undefined)}
                onClick={() => setQuery({ body: body.id })}
                onKeyDown={(event) => { if (event.key === "Enter" || event.key === " ") { event.preventDefault(); setQuery({ body: body.id }); } }}>
                <rect x={x} y={y} width={boxWidth} height={boxHeight} rx={4} />
                {wrap(body.short_name || body.name, 21).map((line, i, all) => <text key={line + i} x={x + boxWidth / 2} y={y + boxHeight / 2 + 4 + (i - (all.length - 1) / 2) * 15} textAnchor="middle">{`${line} `}</text>)}
              </g>
            ))}
          </svg>
        </div>
        <aside className="ct-structure__side" aria-live="polite">
          {chosen === undefined ? (
            <>
              <h2 className="nhsuk-heading-s">How to read this</h2>
              <p>Residents and neighbourhoods are at the bottom; the further up, the wider the area a body answers for. Choose a body to read what it is for, who sits on it and to whom it answers.</p>
              <ul className="nhsuk-list">{bands.map((band) => <li key={band.title}><strong>{band.title}</strong>: {band.note}</li>)}</ul>
            </>
          ) : <Chosen body={chosen} />}
        </aside>
      </div>
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

function Chosen({ body }: { body: string }) {
  const detail = useData<BodyDetail>(`/structure/${encodeURIComponent(body)}`);
  return (
    <Loaded from={detail} doing="Reading about this body">
      {(data) => {
        const names = new Map([...data.neighbours, data.body].map((one) => [one.id, one.name] as const));
        return (
          <>
            <h2 className="nhsuk-heading-s">{data.body.name}</h2>
            <p className="ct-roles">{data.body.roles.map((role) => <span className="nhsuk-tag nhsuk-tag--blue" key={role}>{roleWords[role] ?? role}</span>)}</p>
            <p>{data.body.what_it_is_for}</p>
            {data.body.expected && <p><strong>Expected, not yet confirmed.</strong></p>}
            {data.sentences.length > 0 && <ul className="nhsuk-list nhsuk-list--bullet">{data.sentences.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>}
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
