import { useState } from "react";
import type { FeedDetail, FeedList, FeedSummary, Quarantine } from "../api/types";
import { useData } from "../api/use-data";
import { count, decimal, longDate } from "../figure/words";
import { addresses } from "../frame/addresses";
import { DataTabs } from "../frame/data-tabs";
import { Link } from "../frame/link";
import { Page, Section } from "../frame/page";
import { setQuery, useRoute } from "../frame/route";
import { Empty, Loaded } from "../frame/states";

const purposeWords: Record<string, string> = { "direct-care": "direct care", "population-health": "population health", commissioning: "commissioning" };

function keyWords(key: string): string {
  if (key === "nhs_number") return "NHS number";
  if (key === "local_id") return "the partner's own number, joined through its patient file";
  if (key.startsWith("pseudonym:")) return `a pseudonym of the domain ${key.slice(10)}, joined to nothing outside it`;
  return key;
}

const shapes: Record<FeedSummary["status"], string> = { fresh: "●", late: "▲", missing: "✕" };

export function Status({ status }: { status: FeedSummary["status"] }) {
  return <span className={`ct-status ct-status--${status}`}><span aria-hidden="true">{shapes[status]}</span> {status}</span>;
}

// The API gives shares of feeds in percent.
const share = (percent: number | null): string => (percent === null ? "" : `${decimal(percent)}%`);

function Bar({ value, label }: { value: number | null; label: string }) {
  if (value === null) return <span>not measured</span>;
  return (
    <span className="ct-meter" role="img" aria-label={`${label} ${share(value)}`}>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect className="ct-meter__back" width={100} height={10} /><rect className="ct-bar" width={value} height={10} /></svg>
      <span aria-hidden="true">{share(value)}</span>
    </span>
  );
}

function Spark({ values }: { values: number[] }) {
  if (values.length < 2) return null;
  const low = Math.min(...values, 90);
  const y = (value: number) => 18 - ((value - low) / Math.max(100 - low, 0.1)) * 16;
  return (
    <svg className="ct-spark" viewBox="0 0 80 20" role="img" aria-label={`Completeness over the last ${values.length} deliveries, latest ${share(values[values.length - 1] ?? null)}`}>
      <polyline points={values.map((value, i) => `${(i / (values.length - 1)) * 78 + 1},${y(value)}`).join(" ")} />
    </svg>
  );
}

export function FeedsPage() {
  const feeds = useData<FeedList>("/feeds");
  return (
    <Page title="Feeds" lead={feeds.data?.sentence} crumbs={[{ title: "Start", href: "/" }]} wide>
      <DataTabs now="feeds" />
      <Loaded from={feeds} doing="Reading the receipts">
        {(data) => data.feeds.length === 0
          ? <Empty title="No feed has been delivered yet">Put partners' files in the workspace's extracts folder and run catchment build.</Empty>
          : (
            <>
              <p className="nhsuk-body">{count(data.rows_read)} rows read, {count(data.rows_accepted)} accepted, {count(data.rows_quarantined)} in quarantine, as of {longDate(data.as_of)}.</p>
              <div className="ct-scroll" tabIndex={0} role="region" aria-label="Feeds">
                <table className="nhsuk-table ct-cards-when-narrow">
                  <caption className="nhsuk-u-visually-hidden">Every feed with its freshness and counts</caption>
                  <thead className="nhsuk-table__head">
                    <tr><th scope="col">Data set and partner</th><th scope="col">Status</th><th scope="col">Latest event</th><th scope="col" className="ct-number">Rows read</th><th scope="col" className="ct-number">Accepted</th><th scope="col" className="ct-number">Quarantined</th><th scope="col">Completeness</th><th scope="col">Drift</th></tr>
                  </thead>
                  <tbody className="nhsuk-table__body">
                    {data.feeds.filter((feed) => feed.deliveries > 0).map((feed) => (
                      <tr key={feed.id}>
                        <th scope="row"><Link href={addresses.feed(feed.id)}>{feed.dataset}</Link><span className="ct-partner">{feed.partner_name}</span></th>
                        <td data-title="Status"><Status status={feed.status} /></td>
                        <td data-title="Latest event">{longDate(feed.latest_event)}</td>
                        <td data-title="Rows read" className="ct-number">{count(feed.rows_read)}</td>
                        <td data-title="Accepted" className="ct-number">{count(feed.rows_accepted)}</td>
                        <td data-title="Quarantined" className="ct-number">{count(feed.rows_quarantined)}</td>
                        <td data-title="Completeness">{share(feed.completeness)} <Spark values={feed.completeness_trend} /></td>
                        <td data-title="Drift">{feed.drift.kind === "none" ? "none" : <span className="ct-status--late">▲ {feed.drift.kind}</span>}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
              {data.feeds.some((feed) => feed.deliveries === 0) && (
                <details className="nhsuk-details">
                  <summary className="nhsuk-details__summary"><span className="nhsuk-details__summary-text">Declared, and nothing delivered here yet ({data.feeds.filter((feed) => feed.deliveries === 0).length})</span></summary>
                  <div className="nhsuk-details__text">
                    <ul className="nhsuk-list nhsuk-list--bullet">{data.feeds.filter((feed) => feed.deliveries === 0).map((feed) => <li key={feed.id}>{feed.dataset}: {feed.description.charAt(0).toLowerCase() + feed.description.slice(1)}</li>)}</ul>
                  </div>
                </details>
              )}
            </>
          )}
      </Loaded>
    </Page>
  );
}

export function FeedPage({ feed }: { feed: string }) {
  const loaded = useData<FeedDetail>(`/feeds/${encodeURIComponent(feed)}`);
  const query = useRoute().query;
  const rule = query.get("rule") ?? undefined;
  const column = query.get("column") ?? undefined;
  const data = loaded.data;
  const chosen = data?.findings.find((finding) => finding.rule === rule && (finding.column ?? "") === column);
  return (
    <Page title={data === undefined ? "Feed" : data.feed.dataset} lead={data === undefined ? undefined : `From ${data.feed.partner_name}: ${data.feed.status_detail}.`}
      crumbs={[{ title: "Start", href: "/" }, { title: "Feeds", href: addresses.feeds }]} wide>
      <Loaded from={loaded} doing="Reading the receipts">
        {(detail) => (
          <>
            <p className="nhsuk-body">{detail.feed.description}</p>
            <dl className="nhsuk-summary-list">
              <Fact name="Status" text={<Status status={detail.feed.status} />} />
              {detail.feed.last_received !== null && <Fact name="Last received" text={longDate(detail.feed.last_received)} />}
              <Fact name="Shared for" text={detail.feed.shared_for.map((purpose) => purposeWords[purpose] ?? purpose).join(", ")} />
              <Fact name="People are named by" text={keyWords(detail.feed.key)} />
              <Fact name="Rows" text={`${count(detail.feed.rows_read)} read = ${count(detail.feed.rows_accepted)} accepted + ${count(detail.feed.rows_quarantined)} quarantined${detail.feed.tolerance === null ? "" : ` (tolerance ${share(detail.feed.tolerance)})`}`} />
              {detail.feed.drift.detail !== null && <Fact name="Drift" text={detail.feed.drift.detail} />}
              {detail.missing_senders.length > 0 && <Fact name="Missing" text={detail.missing_senders.map((sender) => `${sender.name}: ${sender.note}`).join("; ")} />}
            </dl>
            <Section title="Findings" note="What the checks found, by rule. Choose a rule to see its rows below.">
              {detail.findings.length === 0 ? <Empty title="No finding">Every row passed every check.</Empty> : (
                <div className="ct-scroll" tabIndex={0} role="region" aria-label="Findings by rule">
                  <table className="nhsuk-table">
                    <caption className="nhsuk-u-visually-hidden">Findings by rule</caption>
                    <thead className="nhsuk-table__head"><tr><th scope="col">Rule</th><th scope="col">Column</th><th scope="col" className="ct-number">Rows</th><th scope="col">What happened</th><th scope="col">Likely fix</th></tr></thead>
                    <tbody className="nhsuk-table__body">
                      {detail.findings.map((finding) => (
                        <tr key={`${finding.rule} ${finding.column ?? ""}`}>
                          <th scope="row"><button type="button" className="ct-plain" aria-pressed={finding === chosen} onClick={() => setQuery(finding === chosen ? { rule: undefined, column: undefined } : { rule: finding.rule, column: finding.column ?? "" })}>{finding.title}</button></th>
                          <td>{finding.column}</td>
                          <td className="ct-number">{count(finding.rows)}</td>
                          <td>{finding.quarantines ? "put in quarantine" : `kept, with a ${finding.severity}`}</td>
                          <td>{finding.fix}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              )}
            </Section>
            <QuarantineRows feed={feed} rule={chosen === undefined ? undefined : rule} column={chosen === undefined ? undefined : column} title={chosen?.title} all={chosen?.rows} key={`${rule ?? ""} ${column ?? ""}`} />
            <Section title="Fields">
              <div className="ct-scroll" tabIndex={0} role="region" aria-label="Completeness and validity by field">
                <table className="nhsuk-table">
                  <caption className="nhsuk-u-visually-hidden">Completeness and validity by field</caption>
                  <thead className="nhsuk-table__head"><tr><th scope="col">Column</th><th scope="col">Becomes</th><th scope="col">Filled</th><th scope="col">Valid when filled</th></tr></thead>
                  <tbody className="nhsuk-table__body">
                    {detail.fields.map((field) => (
                      <tr key={field.column + field.field}>
                        <th scope="row">{field.column}{field.required ? " (required)" : ""}</th>
                        <td>{field.field}</td>
                        <td><Bar value={field.completeness} label="Filled" /></td>
                        <td><Bar value={field.validity} label="Valid" /></td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </Section>
            <Section title="Receipts">
              <div className="ct-scroll" tabIndex={0} role="region" aria-label="Receipts">
                <table className="nhsuk-table">
                  <caption className="nhsuk-u-visually-hidden">One row a delivered file</caption>
                  <thead className="nhsuk-table__head"><tr><th scope="col">File</th><th scope="col">Received</th><th scope="col" className="ct-number">Read</th><th scope="col" className="ct-number">Accepted</th><th scope="col" className="ct-number">Quarantined</th><th scope="col">Standing</th><th scope="col">Checksum</th></tr></thead>
                  <tbody className="nhsuk-table__body">
                    {detail.receipts.map((receipt) => (
                      <tr key={receipt.file + receipt.checksum}>
                        <th scope="row">{receipt.file}</th>
                        <td>{longDate(receipt.received_at)}</td>
                        <td className="ct-number">{count(receipt.rows_read)}</td>
                        <td className="ct-number">{count(receipt.rows_accepted)}</td>
                        <td className="ct-number">{count(receipt.rows_quarantined)}</td>
                        <td>{receipt.standing}</td>
                        <td><code>{receipt.checksum.slice(0, 12)}</code></td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            </Section>
            {detail.used_by.length > 0 && (
              <Section title="Measures that use this feed">
                <ul className="nhsuk-list nhsuk-list--bullet">{detail.used_by.map((measure) => <li key={measure.id}><Link href={addresses.measure(measure.id)}>{measure.name}</Link></li>)}</ul>
              </Section>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Fact({ name, text }: { name: string; text: React.ReactNode }) {
  return (
    <div className="nhsuk-summary-list__row">
      <dt className="nhsuk-summary-list__key">{name}</dt>
      <dd className="nhsuk-summary-list__value">{text}</dd>
    </div>
  );
}

const pageSize = 20;

function QuarantineRows({ feed, rule, column, title, all }: { feed: string; rule: string | undefined; column: string | undefined; title: string | undefined; all: number | undefined }) {
  const [offset, setOffset] = useState(0);
  const query = new URLSearchParams({ offset: String(offset), limit: String(pageSize) });
  if (rule !== undefined) query.set("rule", rule);
  if (column !== undefined) query.set("column", column);
  const rows = useData<Quarantine>(`/feeds/${encodeURIComponent(feed)}/quarantine?${query.toString()}`);
  return (
    <Section title={title === undefined ? "Rows in quarantine" : `Rows: ${title.charAt(0).toLowerCase()}${title.slice(1)}${column ? ` (${column})` : ""}`}
      note={title === undefined ? "Every fault that put a row in quarantine, by file and line." : "Only the rule chosen above."}>
      {title !== undefined && <p><button type="button" className="ct-plain" onClick={() => setQuery({ rule: undefined, column: undefined })}>Show every row in quarantine</button></p>}
      <Loaded from={rows} doing="Reading where the faults stand">
        {(data) => data.rows.length === 0 ? <Empty title="No row is in quarantine here">Nothing to correct.</Empty> : (
          <>
            {data.values_note !== null && <p className="nhsuk-body-s">{data.values_note}</p>}
            {all !== undefined && all > data.total && <p className="nhsuk-body-s">{count(all)} rows were counted; where they stand is kept for the first {count(data.total)}.</p>}
            <div className="ct-scroll" tabIndex={0} role="region" aria-label="Rows, by file and line">
              <table className="nhsuk-table ct-cards-when-narrow">
                <caption className="nhsuk-u-visually-hidden">Rows, by file and line</caption>
                <thead className="nhsuk-table__head"><tr><th scope="col">File</th><th scope="col" className="ct-number">Line</th><th scope="col">Column</th><th scope="col">Rule</th><th scope="col">Kind of value</th>{data.values_shown && <th scope="col">Row as received</th>}</tr></thead>
                <tbody className="nhsuk-table__body">
                  {data.rows.map((row) => (
                    <tr key={`${row.file}:${row.line}:${row.column ?? ""}:${row.rule}`}>
                      <th scope="row">{row.file}</th>
                      <td data-title="Line" className="ct-number">{row.line === 0 ? "whole file" : count(row.line)}</td>
                      <td data-title="Column">{row.column ?? "whole row"}</td>
                      <td data-title="Rule">{row.title}</td>
                      <td data-title="Kind of value">{row.value_class ?? "no value"}</td>
                      {data.values_shown && <td data-title="Row as received"><code>{row.value ?? (row.quarantined ? "not kept" : "kept in the record")}</code></td>}
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
            <p className="ct-pager">
              <button type="button" className="ct-plain" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - pageSize))}>Earlier rows</button>
              <span>{count(data.offset + 1)} to {count(data.offset + data.rows.length)} of {count(data.total)}</span>
              <button type="button" className="ct-plain" disabled={offset + data.rows.length >= data.total} onClick={() => setOffset(offset + pageSize)}>Later rows</button>
            </p>
          </>
        )}
      </Loaded>
    </Section>
  );
}
