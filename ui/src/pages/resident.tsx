import { useState } from "react";
import type { RecordItem, RecordTable, ResidentRecord, Series } from "../api/types";
import { useData } from "../api/use-data";
import { Theograph } from "../charts/theograph";
import { count, longDate, nhsNumber, shortDate, time } from "../figure/words";
import { addresses } from "../frame/addresses";
import { Page, Section } from "../frame/page";
import { useSession } from "../frame/session";
import { Short } from "../frame/short-list";
import { Empty, Loaded } from "../frame/states";
import { Status } from "./feeds";
import { ResidentMeasuresSection } from "./resident-measures";

export function ResidentPage({ handle }: { handle: string }) {
  const record = useData<ResidentRecord>(`/residents/${encodeURIComponent(handle)}`);
  const { session } = useSession();
  return (
    <Page title="Resident's record" crumbs={[{ title: "Start", href: "/" }, { title: "Find a resident", href: addresses.residents }]} wide>
      <Loaded from={record} doing="Opening the record">
        {(data) => (
          <>
            <Banner banner={data.banner} />
            {data.withheld !== null && <div className="nhsuk-inset-text"><p>{data.withheld}</p></div>}
            <Section title="What matters now">
              {data.what_matters.length === 0 ? <p className="nhsuk-body">Nothing stands out in what partners have sent.</p> : <ul className="nhsuk-list nhsuk-list--bullet">{data.what_matters.map((line) => <li key={line}>{line}</li>)}</ul>}
            </Section>
            <Section title="Timeline" note={`${data.timeline.length === 0 ? "" : `${count(data.timeline.length)} events since ${longDate(data.timeline[0]?.start)}. `}Every contact partners have sent, by setting. Absence of data is not absence of fact.`}>
              {data.timeline.length === 0 ? <Empty title="No event has been sent">Partners have sent no event for this person.</Empty>
                : <Theograph lanes={data.lanes} events={data.timeline} today={session.system.clock.today} truncated={data.timeline_truncated} />}
            </Section>
            {data.series.length > 0 && <Section title="Results over time"><Short rows={data.series} noun="kinds of result" most={3}>{(shown) => <ul className="ct-series">{shown.map((series) => <li key={series.code}><Results series={series} /></li>)}</ul>}</Short></Section>}
            <div className="ct-columns">
              <Items title="Problems" items={data.problems} none="No problem is recorded." />
              <Items title="Medicines" items={data.medicines} none="No medicine was issued in the last four months." />
              <Items title="Allergies" items={data.allergies} none="No allergy is recorded. That is not the same as no allergy." />
              <Items title="Immunisations" items={data.immunisations} none="No immunisation is recorded." />
            </div>
            <Section title="Who is involved">
              {data.involved.length === 0 ? <p className="nhsuk-body">No partner has recorded a contact in the last two years.</p> : (
                <Short rows={data.involved} noun="partners" most={3}>{(shown) => <ul className="ct-cards">{shown.map((one) => <li className="ct-card" key={one.name + one.what}><strong>{one.name}</strong><p>{one.what}. {count(one.contacts)} {one.contacts === 1 ? "contact" : "contacts"} in two years, last {longDate(one.last_seen)}.</p></li>)}</ul>}</Short>
              )}
            </Section>
            <ResidentMeasuresSection handle={handle} />
            <Tables handle={handle} tables={data.tables} />
            <Section title="How fresh each source is">
              <Short rows={data.freshness} noun="sources" most={3}>{(shown) => <ul className="nhsuk-list">{shown.map((one) => <li key={one.feed}><Status status={one.status} /> {one.partner}: {one.dataset}, latest event {longDate(one.latest_event)}</li>)}</ul>}</Short>
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Banner({ banner }: { banner: ResidentRecord["banner"] }) {
  return (
    <div className="ct-banner" role="region" aria-label="Patient banner">
      <p className="ct-banner__name">{banner.name}{banner.restricted && <span className="nhsuk-tag nhsuk-tag--red">restricted</span>}</p>
      <dl>
        <div><dt>Born</dt><dd>{longDate(banner.birth_date)}{banner.age !== null && <> ({banner.age}{banner.died === null ? "" : " at death"})</>}</dd></div>
        {banner.died !== null && <div><dt>Died</dt><dd>{longDate(banner.died)}</dd></div>}
        <div><dt>Sex</dt><dd>{banner.sex}</dd></div>
        <div><dt>NHS number</dt><dd>{banner.nhs_number === null ? "none" : nhsNumber(banner.nhs_number)}</dd></div>
        <div><dt>Address</dt><dd>{banner.address ?? (banner.restricted ? "withheld" : "not known")}</dd></div>
        <div><dt>Practice</dt><dd>{banner.practice ?? "not registered"}</dd></div>
      </dl>
      {banner.alerts.length > 0 && <ul className="ct-banner__alerts">{banner.alerts.map((alert) => <li key={alert}><span aria-hidden="true">▲</span> {alert}</li>)}</ul>}
    </div>
  );
}

function Items({ title, items, none }: { title: string; items: RecordItem[]; none: string }) {
  const [all, setAll] = useState(false);
  const shown = all ? items : items.slice(0, 8);
  return (
    <Section title={title}>
      {items.length === 0 ? <p className="nhsuk-body">{none}</p> : (
        <ul className="ct-items">
          {shown.map((item, i) => <li key={i}><strong>{item.title}</strong><span>{[item.detail, item.status, item.date === null ? null : shortDate(item.date), item.organisation].filter(Boolean).join(" · ")}</span></li>)}
        </ul>
      )}
      {items.length > 8 && <button type="button" className="ct-plain" onClick={() => setAll(!all)}>{all ? "Show fewer" : `Show all ${items.length}`}</button>}
    </Section>
  );
}

function Results({ series }: { series: Series }) {
  const values = series.points.map((point) => point.value);
  const low = Math.min(...values);
  const high = Math.max(...values);
  const times = series.points.map((point) => Date.parse(point.date));
  const first = Math.min(...times);
  const last = Math.max(...times);
  const x = (t: number) => (last === first ? 60 : 3 + ((t - first) / (last - first)) * 114);
  const y = (v: number) => (high === low ? 16 : 29 - ((v - low) / (high - low)) * 26);
  return (
    <>
      <span className="ct-series__name">{series.name}</span>
      <svg className="ct-spark ct-spark--wide" viewBox="0 0 120 32" role="img" aria-label={`${series.name}: ${series.points.length} results, latest ${series.latest.value} ${series.unit ?? ""} on ${longDate(series.latest.date)}`}>
        <polyline points={series.points.map((point, i) => `${x(times[i] ?? 0)},${y(point.value)}`).join(" ")} />
        <circle cx={x(Date.parse(series.latest.date))} cy={y(series.latest.value)} r={3} />
      </svg>
      <span><strong>{series.latest.comparator ?? ""}{series.latest.value}</strong> {series.unit} <small>{shortDate(series.latest.date)}</small></span>
    </>
  );
}

function Tables({ handle, tables }: { handle: string; tables: ResidentRecord["tables"] }) {
  const [kind, setKind] = useState<string>();
  const [offset, setOffset] = useState(0);
  const filled = tables.filter((table) => table.rows > 0);
  return (
    <Section title="All rows" note="What partners sent, table by table, with the organisation that recorded it.">
      <div role="group" aria-label="Tables" className="ct-switch">
        {filled.map((table) => <button type="button" key={table.kind} aria-pressed={kind === table.kind} onClick={() => { setKind(kind === table.kind ? undefined : table.kind); setOffset(0); }}>{table.title} ({count(table.rows)})</button>)}
      </div>
      {kind !== undefined && <Rows handle={handle} kind={kind} offset={offset} move={setOffset} key={`${kind} ${offset}`} />}
    </Section>
  );
}

function shownCell(value: string | number | boolean | null, type: string): string {
  if (value === null) return "";
  if (type === "date") return shortDate(String(value));
  if (type === "instant") return `${shortDate(String(value))} ${time(String(value))}`;
  if (type === "pence") return `£${(Number(value) / 100).toFixed(2)}`;
  if (type === "flag") return value === true ? "yes" : "no";
  return String(value);
}

function Rows({ handle, kind, offset, move }: { handle: string; kind: string; offset: number; move: (offset: number) => void }) {
  const size = 50;
  const table = useData<RecordTable>(`/residents/${encodeURIComponent(handle)}/tables/${encodeURIComponent(kind)}?offset=${offset}&limit=${size}`);
  return (
    <Loaded from={table} doing="Reading rows">
      {(data) => (
        <>
          <div className="ct-scroll" tabIndex={0} role="region" aria-label={data.title}>
            <table className="nhsuk-table">
              <caption className="nhsuk-u-visually-hidden">{data.title}</caption>
              <thead className="nhsuk-table__head"><tr>{data.columns.map((column) => <th scope="col" key={column.id}>{column.title}</th>)}</tr></thead>
              <tbody className="nhsuk-table__body">
                {data.rows.map((row, i) => <tr key={i}>{row.map((cell, j) => <td key={j}>{shownCell(cell as string | number | boolean | null, data.columns[j]?.type ?? "text")}</td>)}</tr>)}
              </tbody>
            </table>
          </div>
          <p className="ct-pager">
            <button type="button" className="ct-plain" disabled={offset === 0} onClick={() => move(Math.max(0, offset - size))}>Earlier rows</button>
            <span>{count(data.offset + 1)} to {count(data.offset + data.rows.length)} of {count(data.total)}</span>
            <button type="button" className="ct-plain" disabled={data.offset + data.rows.length >= data.total} onClick={() => move(offset + size)}>Later rows</button>
          </p>
        </>
      )}
    </Loaded>
  );
}
