// Review: the queue of pairs that linkage left to people. One component for the queue and for a pair, so that what
// was said last, and what can be undone, outlive the step from one pair to the next.
import { useEffect, useRef, useState } from "react";
import { request, type ApiFault } from "../api/client";
import type { ReviewList, ReviewOutcome } from "../api/types";
import { useData } from "../api/use-data";
import { count, decimal, longDate, time } from "../figure/words";
import { addresses } from "../frame/addresses";
import { DataTabs } from "../frame/data-tabs";
import { Link } from "../frame/link";
import { Page, Section } from "../frame/page";
import { go, setQuery, useRoute } from "../frame/route";
import { Empty, Fault, Loaded } from "../frame/states";
import { ReviewPair } from "./review-pair";

export type Verdict = "same" | "different" | "unsure";
export const verdictWords: Record<string, string> = { same: "the same person", different: "different people", unsure: "unsure", waiting: "waits" };

const percentWords = (percent: number): string => (percent >= 99.95 ? "over 99.9%" : `${decimal(percent)}%`);

export function ReviewPage({ item }: { item: string | undefined }) {
  const [said, setSaid] = useState("");
  const [mine, setMine] = useState<{ decision: number; item: number | null }[]>([]);
  const [fault, setFault] = useState<ApiFault>();
  const [turn, setTurn] = useState(0);
  const busy = useRef(false);

  useEffect(() => setFault(undefined), [item]);

  const send = (path: string, body: unknown, then: (outcome: ReviewOutcome) => void) => {
    if (busy.current) return;
    busy.current = true;
    setFault(undefined);
    request<ReviewOutcome>("POST", path, body).then(then).catch((problem: ApiFault) => {
      setFault(problem);
      setSaid("");  // the alert says it
      setTurn((n) => n + 1);  // shows what came in between
    }).finally(() => {
      busy.current = false;
    });
  };
  const waits = (outcome: ReviewOutcome) => (outcome.counts.waiting === 0 ? "Nothing else waits." : `${count(outcome.counts.waiting)} ${outcome.counts.waiting === 1 ? "pair waits" : "pairs wait"}.`);
  const decide = (number: number, verdict: Verdict, snapshot: string, seen: number, reason: string) =>
    send(`/review/${number}/decision`, { snapshot, verdict, seen, ...(reason === "" ? {} : { reason }) }, (outcome) => {
      setMine((all) => [...all, { decision: outcome.decision.id, item: number }]);
      setSaid(`${outcome.said} ${waits(outcome)}`);
      go(outcome.next === null ? addresses.review : addresses.reviewPair(outcome.next));
    });
  const undo = (decision: number) =>
    send("/review/undo", { decision }, (outcome) => {
      setMine((all) => all.filter((one) => one.decision !== decision));
      setSaid(outcome.said);
      if (outcome.decision.item === null || String(outcome.decision.item) === item) setTurn((n) => n + 1);
      else go(addresses.reviewPair(outcome.decision.item));
    });
  const last = mine[mine.length - 1];
  const undoLast = () => {
    if (last === undefined) setSaid("There is nothing of this session to undo. Earlier decisions are listed under the queue.");
    else undo(last.decision);
  };

  const told = <p className="ct-review__said" role="status" aria-live="polite" id="review-said">{said}</p>;
  const trouble = fault === undefined ? null : <Fault fault={fault} />;
  return item === undefined
    ? <Queue said={told} trouble={trouble} turn={turn} undo={undo} />
    : <ReviewPair key={`${item} ${turn}`} item={item} said={told} trouble={trouble} decide={decide} undo={undo} undoLast={undoLast} canUndo={last !== undefined} />;
}

const states = [["waiting", "Waiting"], ["unsure", "Set aside as unsure"], ["decided", "Decided"]] as const;
const pageSize = 20;

function Queue({ said, trouble, turn, undo }: { said: React.ReactNode; trouble: React.ReactNode; turn: number; undo: (decision: number) => void }) {
  const query = useRoute().query;
  const state = query.get("state") ?? "waiting";
  const [offset, setOffset] = useState(0);
  useEffect(() => setOffset(0), [state]);
  const list = useData<ReviewList>(`/review?state=${encodeURIComponent(state)}&offset=${offset}&limit=${pageSize}`);
  const again = list.again;
  useEffect(() => {
    if (turn > 0) again();
  }, [turn]);
  return (
    <Page title="Review" lead={list.data?.sentence} crumbs={[{ title: "Start", href: "/" }]} wide>
      <DataTabs now="review" />
      {said}
      {trouble}
      <Loaded from={list} doing="Reading the queue">
        {(data) => (
          <>
            {data.counts.total === 0 ? (
              <Empty title="No pair of rows waits here">
                Linkage puts a pair here when two partners' rows may be one person and the evidence is not enough to say so. The next catchment build fills the queue again; there is nothing to do now.
              </Empty>
            ) : (
              <>
                <ul className="ct-tiles">
                  <li className="ct-tile"><span className="ct-figure__label">Waiting</span><span className="ct-figure__value">{count(data.counts.waiting)}</span></li>
                  <li className="ct-tile"><span className="ct-figure__label">Set aside as unsure</span><span className="ct-figure__value">{count(data.counts.unsure)}</span></li>
                  <li className="ct-tile"><span className="ct-figure__label">Decided</span><span className="ct-figure__value">{count(data.counts.decided)}</span></li>
                </ul>
                {data.next === null
                  ? <Empty title="Nothing waits">{data.counts.unsure > 0 ? "Pairs that were set aside can be opened again below." : "The next build obeys what was decided."}</Empty>
                  : <Link className="nhsuk-button" href={addresses.reviewPair(data.next)}>Look at the likeliest pair</Link>}
                <p className="nhsuk-body ct-note">Each pair is two groups of rows. You see who each row says somebody is, and nothing about their health. What you look at and what you decide is recorded. Every later build obeys.</p>
                <Section title="The queue" note="By number only: who they are is shown, and recorded, when you open a pair.">
                  <div className="ct-switch" role="group" aria-label="Which pairs">
                    {states.map(([id, title]) => <button key={id} type="button" aria-pressed={data.state === id} onClick={() => setQuery({ state: id === "waiting" ? undefined : id })}>{title}</button>)}
                  </div>
                  {data.items.length === 0 ? <p className="nhsuk-body ct-switch--after">None.</p> : (
                    <div className="ct-scroll" tabIndex={0} role="region" aria-label="Pairs of the queue">
                      <table className="nhsuk-table ct-cards-when-narrow ct-queue">
                        <caption className="nhsuk-u-visually-hidden">Pairs of the queue, the likeliest first</caption>
                        <thead className="nhsuk-table__head"><tr><th scope="col">Pair</th><th scope="col">Likelihood of one person</th><th scope="col">Why it was not joined</th><th scope="col">State</th></tr></thead>
                        <tbody className="nhsuk-table__body">
                          {data.items.map((one) => (
                            <tr key={one.item}>
                              <th scope="row"><Link href={addresses.reviewPair(one.item)}>Pair {one.item}</Link></th>
                              <td data-title="Likelihood">{percentWords(one.probability)}</td>
                              <td data-title="Why not joined">{one.held_back}</td>
                              <td data-title="State">{verdictWords[one.state]}</td>
                            </tr>
                          ))}
                        </tbody>
                      </table>
                    </div>
                  )}
                  {data.matching > pageSize && (
                    <p className="ct-pager">
                      <button type="button" className="ct-plain" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - pageSize))}>Earlier pairs</button>
                      <span>{count(offset + 1)} to {count(Math.min(offset + pageSize, data.matching))} of {count(data.matching)}</span>
                      <button type="button" className="ct-plain" disabled={offset + pageSize >= data.matching} onClick={() => setOffset(offset + pageSize)}>Later pairs</button>
                    </p>
                  )}
                </Section>
              </>
            )}
            {data.decisions.length > 0 && (
              <Section title="Recent decisions" note="The reason given with a decision is shown with its pair.">
                <div className="ct-scroll" tabIndex={0} role="region" aria-label="Recent decisions">
                  <table className="nhsuk-table ct-cards-when-narrow">
                    <caption className="nhsuk-u-visually-hidden">Recent decisions, the newest first</caption>
                    <thead className="nhsuk-table__head"><tr><th scope="col">Pair</th><th scope="col">Decided</th><th scope="col">By</th><th scope="col">When</th><th scope="col">Undo</th></tr></thead>
                    <tbody className="nhsuk-table__body">
                      {data.decisions.map((one) => (
                        <tr key={one.id}>
                          <th scope="row">{one.item === null ? "of an earlier snapshot" : <Link href={addresses.reviewPair(one.item)}>Pair {one.item}</Link>}</th>
                          <td data-title="Decided">{one.undone_at === null ? verdictWords[one.verdict] : <><s>{verdictWords[one.verdict]}</s> undone by {one.undone_by}</>}</td>
                          <td data-title="By">{one.by}</td>
                          <td data-title="When">{longDate(one.at)}, {time(one.at)}</td>
                          <td data-title="Undo">{one.undone_at === null ? <button type="button" className="ct-plain" aria-label={`Undo decision ${one.id}`} onClick={() => undo(one.id)}>Undo</button> : "undone"}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </Section>
            )}
          </>
        )}
      </Loaded>
    </Page>
  );
}
