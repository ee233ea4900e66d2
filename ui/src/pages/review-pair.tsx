// One pair: both sides field by field, where the weight comes from, and the decision. Keys S, D, U, Z and N do what the
// buttons do, unless the reader turned them off or is typing.
import { useEffect, useRef, useState, type ReactNode } from "react";
import type { PersonWhy, ReviewItem } from "../api/types";
import { useData } from "../api/use-data";
import { Waterfall } from "../charts/waterfall";
import { count, decimal, longDate, time } from "../figure/words";
import { addresses } from "../frame/addresses";
import { DataTabs } from "../frame/data-tabs";
import { Page, Section } from "../frame/page";
import { go } from "../frame/route";
import { useSession } from "../frame/session";
import { Loaded } from "../frame/states";
import { verdictWords, type Verdict } from "./review";

type Field = ReviewItem["fields"][number];
type SideRow = ReviewItem["a"]["rows"][number];

const shapes: Record<Field["agreement"], [string, string]> = { same: ["●", "Same"], close: ["◐", "Close"], different: ["▲", "Different"], missing: ["○", "Not compared"] };

/** The part of a text that stands between what both begin and end with, marked. */
function Marked({ text, other }: { text: string; other: string | undefined }) {
  if (other === undefined) return <>{text}</>;
  const a = text.toUpperCase();
  const b = other.toUpperCase();
  let start = 0;
  while (start < Math.min(a.length, b.length) && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const middle = text.slice(start, text.length - end);
  return <>{text.slice(0, start)}{middle !== "" && <mark>{middle}</mark>}{text.slice(text.length - end)}</>;
}

function Values({ values, others, marked }: { values: Field["a"]; others: Field["b"]; marked: boolean }) {
  if (values.length === 0) return <span className="ct-agreement--missing">not given</span>;
  return (
    <ul>
      {values.slice(0, 4).map((value) => (
        <li key={value.text}>
          <Marked text={value.text} other={marked && !value.shared ? others[0]?.text : undefined} />
          {values.length > 1 && <small> {count(value.rows)} {value.rows === 1 ? "row" : "rows"}</small>}
        </li>
      ))}
      {values.length > 4 && <li><small>and {count(values.length - 4)} more</small></li>}
    </ul>
  );
}

function Sides({ item }: { item: ReviewItem }) {
  return (
    <table className="ct-sides">
      <caption className="nhsuk-u-visually-hidden">Both sides, field by field</caption>
      <colgroup><col className="ct-sides__field" /><col /><col /><col className="ct-sides__agreement" /></colgroup>
      <thead><tr><th scope="col">Field</th><th scope="col">First: {rowsOf(item.a)}</th><th scope="col">Second: {rowsOf(item.b)}</th><th scope="col">Do they agree?</th></tr></thead>
      <tbody>
        {item.fields.filter((field) => field.a.length + field.b.length > 0).map((field) => {
          const [shape, word] = shapes[field.agreement];
          const marked = field.agreement === "close" || field.agreement === "different";
          return (
            <tr key={field.field} className={`ct-sides--${field.agreement}`}>
              <th scope="row">{field.title}</th>
              <td data-title="First"><Values values={field.a} others={field.b} marked={marked} /></td>
              <td data-title="Second"><Values values={field.b} others={field.a} marked={marked} /></td>
              <td className="ct-sides__said">
                <span className={`ct-agreement ct-agreement--${field.agreement}`}><span aria-hidden="true">{shape}</span> {word}</span>
                {field.words !== word.toLowerCase() && field.words !== "the same" && <span className="ct-agreement__words">{field.words}</span>}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

const rowsOf = (side: ReviewItem["a"]): string => `${count(side.rows.length)} ${side.rows.length === 1 ? "row" : "rows"}`;

function Rows({ rows, label }: { rows: SideRow[]; label: string }) {
  return (
    <div className="ct-scroll" tabIndex={0} role="region" aria-label={label}>
      <table className="nhsuk-table ct-cards-when-narrow">
        <caption className="nhsuk-u-visually-hidden">{label}</caption>
        <thead className="nhsuk-table__head"><tr><th scope="col">Row</th><th scope="col">From</th><th scope="col">Name</th><th scope="col">Born</th><th scope="col">Sex</th><th scope="col">NHS number</th><th scope="col">Address</th><th scope="col">Last changed</th></tr></thead>
        <tbody className="nhsuk-table__body">
          {rows.map((row) => (
            <tr key={row.number}>
              <th scope="row">{row.number}</th>
              <td data-title="From">{row.dataset === null ? "withheld" : <>{row.partner ?? "partner not named"}<span className="ct-partner">{row.dataset}, line {count(row.line)}</span></>}</td>
              <td data-title="Name">{[row.given, row.family].filter(Boolean).join(" ") || "not given"}{row.previous_family !== null && ` (before: ${row.previous_family})`}</td>
              <td data-title="Born">{row.birth_date === null ? "not given" : longDate(row.birth_date)}{row.died !== null && `, died ${longDate(row.died)}`}</td>
              <td data-title="Sex">{row.sex}</td>
              <td data-title="NHS number">{row.nhs_number ?? "not given"}{row.number_status !== null && row.nhs_number !== null && `, ${row.number_status}`}</td>
              <td data-title="Address">{[row.address, row.postcode].filter(Boolean).join(", ") || (row.dataset === null ? "withheld" : "not given")}</td>
              <td data-title="Last changed">{row.updated === null ? "not said" : longDate(row.updated)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Why({ item, side }: { item: number; side: "first" | "second" }) {
  const [open, setOpen] = useState(false);
  const why = useData<PersonWhy>(open ? `/review/${item}/why/${side}` : undefined);
  return (
    <details className="nhsuk-details" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="nhsuk-details__summary"><span className="nhsuk-details__summary-text">Why the rows of the {side} side are one person</span></summary>
      <div className="nhsuk-details__text">
        {open && (
          <Loaded from={why} doing="Reading what joined them">
            {(data) => (
              <>
                <p>{data.sentence}</p>
                {data.edges.length > 0 && (
                  <ul className="nhsuk-list nhsuk-list--bullet">
                    {data.edges.map((edge) => <li key={`${edge.a} ${edge.b}`}>Row {edge.a} and row {edge.b}: {edge.reason}{edge.probability !== null && ` (${decimal(edge.probability)}%)`}</li>)}
                  </ul>
                )}
                <Rows rows={data.rows} label={`Rows of the ${side} side`} />
              </>
            )}
          </Loaded>
        )}
      </div>
    </details>
  );
}

const keysAllowed = (): boolean => localStorage.getItem("review-keys") !== "off";

export function ReviewPair({ item, said, trouble, decide, undo, undoLast, canUndo }: {
  item: string;
  said: ReactNode;
  trouble: ReactNode;
  decide: (item: number, verdict: Verdict, snapshot: string, seen: number, reason: string) => void;
  undo: (decision: number) => void;
  undoLast: () => void;
  canUndo: boolean;
}) {
  const pair = useData<ReviewItem>(`/review/${encodeURIComponent(item)}`);
  const { session } = useSession();
  const [reason, setReason] = useState("");
  const [keys, setKeys] = useState(keysAllowed);
  const heading = useRef<HTMLHeadingElement>(null);
  const data = pair.data;
  const choose = (verdict: Verdict) => data !== undefined && decide(data.item, verdict, data.snapshot, data.last?.id ?? 0, reason.trim());
  const next = () => go(data === undefined || data.next === null ? addresses.review : addresses.reviewPair(data.next));

  // The new pair's heading has the focus, so that a screen reader begins there, and both sides are in view below what was said.
  const shown = data?.item;
  useEffect(() => {
    if (shown === undefined) return;
    heading.current?.focus({ preventScroll: true });
    document.getElementById("review-said")?.scrollIntoView({ block: "start" });
  }, [shown]);
  useEffect(() => {
    if (!keys) return;
    const press = (event: KeyboardEvent) => {
      const at = event.target as HTMLElement;
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || at.closest("textarea, select, input:not([type=checkbox]), dialog") !== null) return;
      const act = { s: () => choose("same"), d: () => choose("different"), u: () => choose("unsure"), z: undoLast, n: next }[event.key.toLowerCase()];
      if (act === undefined) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
  const key = (letter: string) => (keys ? <kbd aria-hidden="true">{letter}</kbd> : null);
  return (
    <Page title={`Pair ${/^\d+$/.test(item) ? item : ""}`} crumbs={[{ title: "Start", href: "/" }, { title: "Review", href: addresses.review }]} wide>
      <DataTabs now="review" />
      {said}
      {trouble}
      <Loaded from={pair} doing="Reading both sides">
        {(one) => (
          <>
            <div className="ct-review__head">
              <h2 className="nhsuk-heading-m" tabIndex={-1} ref={heading}>Are these the same person?</h2>
              <p className="ct-review__where">{count(one.counts.waiting)} of {count(one.counts.total)} pairs wait · likelihood {one.probability >= 99.95 ? "over 99.9" : decimal(one.probability)}%</p>
            </div>
            <p className="nhsuk-body"><strong>Why it was not joined:</strong> {one.held_back}</p>
            {one.last !== null && (
              <div className="nhsuk-inset-text">
                <p>{one.last.by} decided on {longDate(one.last.at)} at {time(one.last.at)}: <strong>{verdictWords[one.last.verdict]}</strong>.{one.last_reason !== null && ` Reason: ${one.last_reason}`} <button type="button" className="ct-plain" onClick={() => one.last !== null && undo(one.last.id)}>Undo this decision</button></p>
              </div>
            )}
            {(one.a.withheld || one.b.withheld) && <p className="nhsuk-body"><strong>Protected location:</strong> addresses, contacts and partners of both sides are withheld.</p>}
            {(one.a.same_rows > 1 || one.b.same_rows > 1) && <p className="nhsuk-body">{count(Math.max(one.a.same_rows, one.b.same_rows))} rows of one side say exactly the same: the decision is about all of them.</p>}
            <Sides item={one} />
            <section className="ct-decide" aria-label="Decide">
              <div className="ct-decide__buttons">
                <button type="button" className="nhsuk-button" onClick={() => choose("same")} aria-keyshortcuts={keys ? "s" : undefined}>Same person{key("S")}</button>
                <button type="button" className="nhsuk-button" onClick={() => choose("different")} aria-keyshortcuts={keys ? "d" : undefined}>Different people{key("D")}</button>
                <button type="button" className="nhsuk-button nhsuk-button--secondary" onClick={() => choose("unsure")} aria-keyshortcuts={keys ? "u" : undefined}>Unsure{key("U")}</button>
                <button type="button" className="nhsuk-button nhsuk-button--secondary" onClick={undoLast} disabled={!canUndo} aria-keyshortcuts={keys ? "z" : undefined}>Undo{key("Z")}</button>
                <button type="button" className="nhsuk-button nhsuk-button--secondary" onClick={next} aria-keyshortcuts={keys ? "n" : undefined}>Next{key("N")}</button>
              </div>
            </section>
            <Section title="Where the likelihood comes from">
              <Waterfall bars={one.waterfall} weight={one.weight} name={`pair-${one.item}`} synthetic={session.system.synthetic} />
            </Section>
            <Section title="Reason" note="If there is more to say than the fields do. It is kept with the decision.">
              <label className="nhsuk-label" htmlFor="review-reason">Reason (optional)</label>
              <textarea id="review-reason" className="nhsuk-textarea" rows={2} maxLength={500} value={reason} onChange={(event) => setReason(event.target.value)} />
              <p className="ct-decide__foot"><label><input type="checkbox" checked={keys} onChange={(event) => { localStorage.setItem("review-keys", event.target.checked ? "on" : "off"); setKeys(event.target.checked); }} /> The keys S, D, U, Z and N decide</label></p>
            </Section>
            <Section title="Rows as partners sent them">
              <h3 className="nhsuk-heading-s">First</h3>
              <Rows rows={one.a.rows} label="Rows of the first side" />
              <Why item={one.item} side="first" />
              <h3 className="nhsuk-heading-s">Second</h3>
              <Rows rows={one.b.rows} label="Rows of the second side" />
              <Why item={one.item} side="second" />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
