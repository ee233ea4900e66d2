// Cohorts: groups of people chosen by clauses or by CQL; listed, built, tried on made-up people, counted, kept.
import { useEffect, useRef, useState } from "react";
import { request, type ApiFault } from "../api/client";
import type { CohortCheck, CohortKept, CohortList, CohortPeople, CohortWords } from "../api/types";
import { useData } from "../api/use-data";
import { saveCsv } from "../charts/chart";
import { ClauseEditor, Faults } from "../cohort/clause";
import { Counts, countsTable } from "../cohort/counts";
import { CqlEditor, FaultList } from "../cohort/cql-editor";
import { firstForm, formOf, fromJson, slug, type Draft } from "../cohort/form";
import { useCount } from "../cohort/use-count";
import { inserted, WordsList, type Insertion } from "../cohort/words-list";
import { Clauses } from "../figure/evidence";
import { longDate, time } from "../figure/words";
import { addresses } from "../frame/addresses";
import { Link } from "../frame/link";
import { Page, Section } from "../frame/page";
import { go, setQuery, useRoute } from "../frame/route";
import { useSession } from "../frame/session";
import { Empty, Fault, Loaded } from "../frame/states";

const crumbs = [{ title: "Start", href: "/" }, { title: "Population", href: addresses.population() }];

export function PopulationTabs({ at }: { at: "everyone" | "cohorts" }) {
  const { session } = useSession();
  if (!session.may_build_cohorts) return null;
  return (
    <nav className="ct-tabs" aria-label="Pages of the population">
      <Link href={addresses.population()} aria-current={at === "everyone" ? "page" : undefined}>Everyone</Link>
      <Link href={addresses.cohorts} aria-current={at === "cohorts" ? "page" : undefined}>Cohorts</Link>
    </nav>
  );
}

export function CohortsPage() {
  const { session } = useSession();
  const list = useData<CohortList>(session.may_build_cohorts ? "/cohorts" : undefined);
  return (
    <Page title="Cohorts" lead="A cohort is a group of people that you define: who is on a register, of an age, with or without something recorded." crumbs={crumbs} wide>
      <PopulationTabs at="cohorts" />
      {!session.may_build_cohorts && <Empty title="Your role may not build cohorts">Population health analysts build them. Choose another role in the header, or ask whoever manages access.</Empty>}
      {session.may_build_cohorts && <p><Link className="nhsuk-button" href={addresses.cohort("new")}>Build a cohort</Link></p>}
      {session.may_build_cohorts && (
        <Loaded from={list} doing="Reading the kept cohorts">
          {(data) => data.cohorts.length === 0
            ? <Empty title="No cohort has been kept yet">Build one: choose who is in it, see the count in seconds, and keep it under a title. It then stands here for everybody with your role.</Empty>
            : (
              <div className="ct-scroll" tabIndex={0} role="region" aria-label="Kept cohorts">
                <table className="nhsuk-table ct-cards-when-narrow">
                  <caption className="nhsuk-u-visually-hidden">Kept cohorts, newest version of each</caption>
                  <thead className="nhsuk-table__head"><tr><th scope="col">Cohort</th><th scope="col">Version</th><th scope="col">Written as</th><th scope="col">Kept by</th><th scope="col">On</th></tr></thead>
                  <tbody className="nhsuk-table__body">
                    {data.cohorts.map((one) => (
                      <tr key={one.id}>
                        <th scope="row"><Link href={addresses.cohort(one.id)}>{one.title}</Link></th>
                        <td data-title="Version">{one.version}</td>
                        <td data-title="Written as">{one.written ? "CQL" : "clauses"}</td>
                        <td data-title="Kept by">{one.saved_by}</td>
                        <td data-title="On">{longDate(one.saved_at)}, {time(one.saved_at)}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </div>
            )}
        </Loaded>
      )}
    </Page>
  );
}

/** What was typed last in this window, for a reload or a way back; it names no person. */
function remembered(key: string): Draft | undefined {
  const text = sessionStorage.getItem(key);
  if (text === null) return undefined;
  try {
    const kept = JSON.parse(text) as Draft & { form: Record<string, unknown> };
    return { ...kept, who: fromJson(kept.form) };
  } catch {
    return undefined;
  }
}

function draftOf(kept: CohortKept): Draft {
  const form = kept.form === null ? undefined : (JSON.parse(kept.form) as { of?: string; who: Record<string, unknown> });
  return { title: kept.kept.title, alive: form?.of === "alive", who: form === undefined ? firstForm() : fromJson(form.who), cql: kept.cql, byHand: form === undefined };
}

export function CohortPage({ cohort }: { cohort: string }) {
  const { session } = useSession();
  const { query } = useRoute();
  const version = query.get("version");
  const isNew = cohort === "new";
  const words = useData<CohortWords>(session.may_build_cohorts ? "/cohorts/words" : undefined);
  const kept = useData<CohortKept>(isNew || !session.may_build_cohorts ? undefined : `/cohorts/${encodeURIComponent(cohort)}${version === null ? "" : `?version=${encodeURIComponent(version)}`}`);
  const title = isNew ? "Build a cohort" : kept.data?.kept.title ?? "Cohort";
  const all = [...crumbs, { title: "Cohorts", href: addresses.cohorts }];
  if (!session.may_build_cohorts) return <CohortsPage />;
  return (
    <Page title={title} lead={isNew ? "Choose who is in it, see the CQL it writes, try it on made-up people, then count it over everyone." : undefined} crumbs={all} wide>
      <Loaded from={words} doing="Reading what a cohort may name">
        {(known) => isNew
          ? <Builder key="new" id={undefined} words={known} kept={undefined} />
          : <Loaded from={kept} doing="Reading the cohort">{(one) => <Builder key={`${one.kept.id} ${one.kept.version}`} id={one.kept.id} words={known} kept={one} />}</Loaded>}
      </Loaded>
    </Page>
  );
}

function months(newest: string, number: number): string[] {
  const first = Number(newest.slice(0, 4)) * 12 + Number(newest.slice(5, 7)) - 1;
  return Array.from({ length: number }, (_, i) => `${Math.floor((first - i) / 12)}-${String(((first - i) % 12) + 1).padStart(2, "0")}`);
}

const monthName = (month: string): string => longDate(`${month}-01`).slice(2);

function Builder({ id, words, kept }: { id: string | undefined; words: CohortWords; kept: CohortKept | undefined }) {
  const { session } = useSession();
  const { query } = useRoute();
  const draftKey = `cohort ${id ?? "new"} ${kept?.kept.version ?? ""}`;
  const [draft, setDraft] = useState<Draft>(() => remembered(draftKey) ?? (kept === undefined ? { title: "", alive: false, who: firstForm(), cql: "", byHand: false } : draftOf(kept)));
  const [check, setCheck] = useState<CohortCheck>();
  const [checking, setChecking] = useState(false);
  const [people, setPeople] = useState<CohortPeople>();
  const [fault, setFault] = useState<ApiFault>();
  const [told, setTold] = useState("");
  const [counted, setCounted] = useState("");
  const counting = useCount();
  const field = useRef<HTMLTextAreaElement>(null);
  const month = query.get("month") ?? words.as_of.slice(0, 7);
  const span = Number(query.get("months") ?? "13");
  const own = id ?? slug(draft.title);
  const sent = draft.byHand ? { cql: draft.cql } : { form: formOf({ ...draft, title: draft.title.trim() || "New cohort" }, own || "new-cohort") };
  const asked = JSON.stringify(sent);
  useEffect(() => sessionStorage.setItem(draftKey, JSON.stringify({ ...draft, who: undefined, form: formOf(draft, own).who })), [draft]);
  useEffect(() => {
    const stop = new AbortController();
    setChecking(true);
    const wait = setTimeout(() => {
      request<CohortCheck>("POST", "/cohorts/check", JSON.parse(asked), stop.signal)
        .then((next) => {
          setCheck(next);
          setChecking(false);
          setFault(undefined);
        })
        .catch((failed: ApiFault) => !stop.signal.aborted && setFault(failed));
    }, 350);
    return () => {
      clearTimeout(wait);
      stop.abort();
    };
  }, [asked]);
  const faults = check?.faults ?? [];
  const good = check?.good === true && !checking;
  const cql = draft.byHand ? draft.cql : check?.cql ?? "";
  const insert = (insertion: Insertion) => {
    const next = inserted(draft.cql, field.current?.selectionStart ?? draft.cql.length, insertion);
    setDraft({ ...draft, cql: next.text });
    setTimeout(() => {
      field.current?.focus();
      field.current?.setSelectionRange(next.caret, next.caret);
    }, 0);
  };
  const tryPeople = () => request<CohortPeople>("POST", "/cohorts/people", { ...sent, month }).then(setPeople).catch(setFault);
  const run = () => {
    setCounted(asked);
    counting.start({ ...sent, month, months: span });
  };
  const keep = () => {
    if (own === "" || draft.title.trim() === "") {
      setTold("Give the cohort a title first.");
      document.getElementById("cohort-title")?.focus();
      return;
    }
    const body = draft.byHand ? { cql: draft.cql, id: own, title: draft.title.trim() } : sent;
    request<CohortKept>("POST", "/cohorts", body).then((now) => {
      sessionStorage.removeItem(draftKey);
      setTold(now.kept.version === kept?.kept.version ? "Nothing has changed since this version." : `Kept as version ${now.kept.version}.`);
      if (now.kept.id !== id || now.kept.version !== kept?.kept.version) go(`${addresses.cohort(now.kept.id)}?version=${now.kept.version}`, id === undefined);
    }).catch(setFault);
  };
  const result = counting.count;
  return (
    <>
      <div className="ct-cohort__name">
        <div>
          <label className="nhsuk-label" htmlFor="cohort-title">Title</label>
          <input className="nhsuk-input" id="cohort-title" value={draft.title} maxLength={200} autoComplete="off" placeholder="Diabetes with no HbA1c in a year" onChange={(event) => setDraft({ ...draft, title: event.target.value })} />
        </div>
        <button type="button" className="nhsuk-button nhsuk-button--secondary" disabled={!good} onClick={keep}>{id === undefined ? "Keep it" : "Keep as a new version"}</button>
      </div>
      <p className="nhsuk-body ct-note" role="status">{told}</p>
      {kept !== undefined && (
        <p className="nhsuk-body ct-note">
          Version {kept.kept.version}, kept by {kept.kept.saved_by} on {longDate(kept.kept.saved_at)}. The address of this page is this version: share it.
          {kept.versions.length > 1 && <> Others: {kept.versions.filter((one) => one.version !== kept.kept.version).map((one) => <Link key={one.version} href={`${addresses.cohort(one.id)}?version=${one.version}`}>version {one.version} </Link>)}</>}
        </p>
      )}
      {fault !== undefined && <Fault fault={fault} />}
      <Section title="Who is in it">
        {!draft.byHand && check?.words != null && <p className="nhsuk-body ct-cohort__words">{check.words}</p>}
        <div className="ct-cohort">
          {draft.byHand ? (
            <div>
              <CqlEditor text={draft.cql} faults={faults} field={field} change={(text) => setDraft({ ...draft, cql: text })} />
              <p className="nhsuk-body ct-note" role="status">{checking ? "Checking..." : good ? "No fault found. The definition “Cohort” says who is in it." : ""}</p>
              <FaultList text={draft.cql} faults={faults} field={field} />
            </div>
          ) : (
            <div>
              <ClauseEditor part={draft.who} at="who" name="" words={words} faults={faults} change={(who) => setDraft({ ...draft, who })} />
              <label className="ct-check"><input type="checkbox" checked={draft.alive} onChange={(event) => setDraft({ ...draft, alive: event.target.checked })} /> also people alive who are registered nowhere here</label>
              <Faults faults={faults.filter((one) => one.where === null || !one.where.startsWith("who"))} />
            </div>
          )}
          <div>
            {draft.byHand ? <WordsList words={words} insert={insert} /> : (
              <>
                <h3 className="nhsuk-heading-xs">The CQL it writes</h3>
                <pre className="ct-cohort__cql" tabIndex={0} aria-label="The CQL it writes">{cql === "" ? "The CQL stands here once the clauses are whole." : cql}</pre>
              </>
            )}
            <p>
              {draft.byHand
                ? kept?.form !== null && <button type="button" className="nhsuk-button nhsuk-button--secondary nhsuk-button--small" onClick={() => setDraft({ ...draft, byHand: false })}>Back to the clauses</button>
                : <button type="button" className="nhsuk-button nhsuk-button--secondary nhsuk-button--small" disabled={cql === ""} onClick={() => setDraft({ ...draft, byHand: true, cql })}>Change it as CQL</button>}
            </p>
            {draft.byHand && kept?.form !== null && <p className="nhsuk-body-s ct-note">The clauses stay as they were: what is changed in the CQL is not carried back to them.</p>}
          </div>
        </div>
      </Section>
      <Section title="Made-up people" note={draft.byHand
        ? "Nobody real: made from the codes, days and numbers the CQL names. One person who is in it, and for each condition one who misses it by a single change."
        : "Nobody real: one person who is in it, and for each clause one who only just is, or only just is not."}>
        <button type="button" className="nhsuk-button nhsuk-button--secondary nhsuk-button--small" disabled={!good} onClick={tryPeople}>Make people for it</button>
        {people !== undefined && <MadeUp people={people} />}
      </Section>
      <Section title="Count">
        <div className="ct-cohort__run">
          <div className="ct-field">
            <label className="nhsuk-label" htmlFor="cohort-month">On the last day of</label>
            <select className="nhsuk-select" id="cohort-month" value={month} onChange={(event) => setQuery({ month: event.target.value })}>{months(words.as_of, 36).map((one) => <option key={one} value={one}>{monthName(one)}</option>)}</select>
          </div>
          <div className="ct-field">
            <label className="nhsuk-label" htmlFor="cohort-months">And the months before</label>
            <select className="nhsuk-select" id="cohort-months" value={span} onChange={(event) => setQuery({ months: event.target.value })}>
              <option value={1}>None</option><option value={13}>12 months</option><option value={25}>24 months</option><option value={36}>35 months</option>
            </select>
          </div>
          <button type="button" className="nhsuk-button" disabled={!good || result?.state === "running"} onClick={run}>Count it over everyone</button>
        </div>
        <div aria-live="polite">
          {!good && !checking && <p className="nhsuk-body">It can be counted once what is wrong above is corrected.</p>}
          {result?.state === "running" && (
            <p className="nhsuk-body">
              <progress aria-label="How far the count is" {...(result.total > 0 ? { max: result.total, value: result.done } : {})} />{" "}
              {result.step ?? "Beginning"}, {result.seconds.toFixed(0)} seconds.{" "}
              <button type="button" className="ct-plain" onClick={counting.giveUp}>Give it up</button>
            </p>
          )}
          {result?.state === "failed" && <Fault fault={{ status: 0, message: `Not counted: ${result.fault ?? ""}`, fix: result.fix ?? "" }} />}
          {counting.fault !== undefined && (
            <>
              <Fault fault={counting.fault} />
              {counting.fault.status === 409 && <button type="button" className="nhsuk-button nhsuk-button--secondary nhsuk-button--small" onClick={counting.giveUp}>Give the other count up</button>}
            </>
          )}
          {result?.state === "done" && counted !== asked && <p className="nhsuk-body"><strong>The cohort has changed since it was counted.</strong> Count it again.</p>}
        </div>
        {result?.state === "done" && result.counts !== null && (
          <>
            <Counts counts={result.counts} name={own || "cohort"} synthetic={session.system.synthetic} seconds={result.seconds} />
            <button type="button" className="nhsuk-button nhsuk-button--secondary nhsuk-button--small" onClick={() => result.counts !== null && saveCsv(`cohort-${own || "new"}-${result.counts.month.slice(0, 7)}`, session.system.synthetic, countsTable(result.counts))}>Download as CSV</button>
          </>
        )}
        {result === undefined && counting.fault === undefined && <p className="nhsuk-body ct-note">Counted over everyone of the snapshot, through the rules for small numbers: {words.rules}</p>}
      </Section>
    </>
  );
}

function MadeUp({ people }: { people: CohortPeople }) {
  return (
    <>
    <div className="ct-scroll" tabIndex={0} role="region" aria-label="Made-up people">
      <table className="nhsuk-table ct-cards-when-narrow">
        <caption className="nhsuk-u-visually-hidden">Made-up people, and whether the cohort holds them</caption>
        <thead className="nhsuk-table__head"><tr><th scope="col">Person</th><th scope="col">In it?</th><th scope="col">Their record</th><th scope="col">Why</th></tr></thead>
        <tbody className="nhsuk-table__body">
          {people.people.map((person, i) => (
            <tr key={i}>
              <th scope="row">{person.shows.charAt(0).toUpperCase() + person.shows.slice(1)}</th>
              <td data-title="In it?"><strong>{person.in ? "✓ in" : "✗ out"}</strong></td>
              <td data-title="Record"><ul className="ct-made">{person.rows.map((row, n) => <li key={n}><strong>{row.table}</strong> {row.cells.map((cell) => `${cell.column} ${cell.value}`).join(", ")}</li>)}</ul></td>
              <td data-title="Why"><details className="nhsuk-details ct-made__why"><summary className="nhsuk-details__summary"><span className="nhsuk-details__summary-text">Why {person.in ? "in" : "out"}<span className="nhsuk-u-visually-hidden">: {person.shows}</span></span></summary><Clauses clauses={person.why} /></details></td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
    {people.not_made.length > 0 && (
      <>
        <h3 className="nhsuk-heading-xs ct-after-field">What could not be made up or decided</h3>
        <ul className="nhsuk-list nhsuk-list--bullet">{people.not_made.map((one) => <li key={one}>{one.charAt(0).toUpperCase() + one.slice(1)}</li>)}</ul>
      </>
    )}
    </>
  );
}
