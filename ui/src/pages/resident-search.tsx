import { useState, type FormEvent } from "react";
import { request, type ApiFault } from "../api/client";
import type { ResidentHits } from "../api/types";
import { longDate, nhsNumber } from "../figure/words";
import { addresses } from "../frame/addresses";
import { Link } from "../frame/link";
import { Page } from "../frame/page";
import { useSession } from "../frame/session";
import { Empty, Fault } from "../frame/states";

export function ResidentSearchPage() {
  const { session } = useSession();
  const [text, setText] = useState("");
  const [born, setBorn] = useState("");
  const [missing, setMissing] = useState(false);
  const [fault, setFault] = useState<ApiFault>();
  const [found, setFound] = useState<ResidentHits>();
  const [busy, setBusy] = useState(false);
  if (!session.may_search_residents) {
    return (
      <Page title="Find a resident" crumbs={[{ title: "Start", href: "/" }]}>
        <Empty title="Your role may not search for people">
          A care professional or a neighbourhood team member may. What you can see is under Population and Measures.
        </Empty>
      </Page>
    );
  }
  const search = (event: FormEvent) => {
    event.preventDefault();
    setMissing(text.trim() === "");
    if (text.trim() === "") return;
    setBusy(true);
    setFault(undefined);
    request<ResidentHits>("POST", "/residents/search", { query: text.trim(), birth_date: born === "" ? null : born, limit: 20 })
      .then(setFound)
      .catch((problem: ApiFault) => { setFound(undefined); setFault(problem); })
      .finally(() => setBusy(false));
  };
  return (
    <Page title="Find a resident" lead="By NHS number, or by name with a date of birth where you have one. Each search and each record opened is written to the audit." crumbs={[{ title: "Start", href: "/" }]} wide>
      <form onSubmit={search} noValidate className="ct-find">
        <div className={`nhsuk-form-group${missing ? " nhsuk-form-group--error" : ""}`}>
          <label className="nhsuk-label" htmlFor="find">NHS number or name</label>
          {missing && <span className="nhsuk-error-message" id="find-error">Enter an NHS number (ten digits) or a name.</span>}
          <input className="nhsuk-input nhsuk-input--width-20" id="find" autoComplete="off" spellCheck={false} value={text} aria-describedby={missing ? "find-error" : undefined} onChange={(event) => setText(event.target.value)} />
        </div>
        <div className="nhsuk-form-group">
          <label className="nhsuk-label" htmlFor="born">Date of birth, if known</label>
          <input className="nhsuk-input nhsuk-input--width-10" id="born" type="date" value={born} onChange={(event) => setBorn(event.target.value)} />
        </div>
        <button className="nhsuk-button" type="submit" disabled={busy}>{busy ? "Searching" : "Search"}</button>
      </form>
      <div aria-live="polite">
        {fault !== undefined && <Fault fault={fault} />}
        {found !== undefined && found.hits.length === 0 && <Empty title="Nobody was found">{found.note ?? "Check the spelling, try the surname alone, or use the NHS number."}</Empty>}
        {found !== undefined && found.hits.length > 0 && (
          <>
            <p className="nhsuk-body">{found.hits.length} found{found.more ? "; there are more: narrow the search" : ""}. {found.note}</p>
            <div className="ct-scroll" tabIndex={0} role="region" aria-label="Residents found">
              <table className="nhsuk-table ct-cards-when-narrow">
                <caption className="nhsuk-u-visually-hidden">Residents found</caption>
                <thead className="nhsuk-table__head"><tr><th scope="col">Name</th><th scope="col">Born</th><th scope="col">Sex</th><th scope="col">NHS number</th><th scope="col">Lives in</th><th scope="col">Practice</th></tr></thead>
                <tbody className="nhsuk-table__body">
                  {found.hits.map((hit) => (
                    <tr key={hit.handle}>
                      <th scope="row"><Link href={addresses.resident(hit.handle)}>{hit.name}</Link>{hit.restricted && <span className="nhsuk-tag nhsuk-tag--red">restricted</span>}{hit.died !== null && <span className="nhsuk-tag nhsuk-tag--grey">died</span>}</th>
                      <td data-title="Born">{longDate(hit.birth_date)}{hit.age !== null && <> ({hit.age})</>}</td>
                      <td data-title="Sex">{hit.sex}</td>
                      <td data-title="NHS number">{hit.nhs_number === null ? "none" : nhsNumber(hit.nhs_number)}</td>
                      <td data-title="Lives in">{[hit.postcode, hit.place].filter(Boolean).join(", ")}</td>
                      <td data-title="Practice">{hit.practice}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </>
        )}
      </div>
    </Page>
  );
}
