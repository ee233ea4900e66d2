// The golden thread of one figure: rule, feeds, who is unseen, people, money, decision.
import { useEffect, useRef } from "react";
import type { Figure as FigureData, Why } from "../api/types";
import { useData } from "../api/use-data";
import { addressOf } from "../frame/addresses";
import { Link } from "../frame/link";
import { Loaded } from "../frame/states";
import { longDate } from "./words";
import { valueText } from "./figure";

function Thread({ title, thread }: { title: string; thread: Why["people"] }) {
  return (
    <div className="ct-why__step">
      <h3 className="nhsuk-heading-xs">{title}: {thread.title}</h3>
      <p>{thread.detail} {thread.link !== null && <Link href={addressOf(thread.link)}>Open</Link>}</p>
    </div>
  );
}

export function DefinitionText({ definition }: { definition: Why["definition"] }) {
  return (
    <dl className="nhsuk-summary-list ct-definition">
      <Row name="Rule" text={definition.rule} />
      <Row name="Counted" text={definition.numerator} />
      <Row name="Out of" text={definition.denominator} />
      {definition.exclusions.length > 0 && <Row name="Left out" text={definition.exclusions.join("; ")} />}
      {definition.codelists.map((list) => (
        <Row key={list.id} name="Codelist" text={`${list.name}, version ${list.version}, ${list.codes} codes (${list.system}), ${list.hash.slice(0, 12)}`} />
      ))}
      {definition.sources.map((source) => <Row key={source.title} name="Source" text={source.where ? `${source.title} (${source.where})` : source.title} />)}
      <Row name="Version" text={definition.version} />
      <Row name="Small numbers" text={definition.suppression} />
    </dl>
  );
}

function Row({ name, text }: { name: string; text: string }) {
  return (
    <div className="nhsuk-summary-list__row">
      <dt className="nhsuk-summary-list__key">{name}</dt>
      <dd className="nhsuk-summary-list__value">{text}</dd>
    </div>
  );
}

export function FeedsUsed({ feeds }: { feeds: Why["feeds"] }) {
  return (
    <ul className="nhsuk-list nhsuk-list--bullet">
      {feeds.map((feed) => (
        <li key={feed.feed}>
          <Link href={`/data/feeds/${encodeURIComponent(feed.feed)}`}>{feed.partner}: {feed.dataset}</Link>, {feed.status}
          {feed.latest_event !== null && <>, latest {longDate(feed.latest_event)}</>}
          {feed.note !== null && <>. {feed.note}</>}
        </li>
      ))}
    </ul>
  );
}

export function UnseenText({ unseen }: { unseen: Why["unseen"] }) {
  return (
    <>
      <p>{unseen.sentence}</p>
      {unseen.groups.length > 0 && (
        <ul className="nhsuk-list nhsuk-list--bullet">
          {unseen.groups.map((group) => (
            <li key={group.reason + group.label}><strong>{group.label}</strong>{group.figure !== null && <> ({valueText(group.figure)})</>}: {group.detail}</li>
          ))}
        </ul>
      )}
    </>
  );
}

export function WhyPanel({ figure, close }: { figure: FigureData; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const why = useData<Why>(`/figures/${encodeURIComponent(figure.id)}/why`);
  useEffect(() => {
    if (dialog.current !== null && !dialog.current.open) dialog.current.showModal();
  }, []);
  return (
    <dialog className="ct-why" ref={dialog} onClose={close} aria-labelledby="why-title">
      <div className="ct-why__head">
        <h2 className="nhsuk-heading-m" id="why-title">Why {valueText(figure)}?</h2>
        <button type="button" className="ct-plain" onClick={() => dialog.current?.close()}>Close</button>
      </div>
      <p className="ct-why__label">{figure.label}</p>
      <Loaded from={why} doing="Following the thread of this figure">
        {(data) => (
          <>
            <p className="nhsuk-body">{data.sentence}</p>
            <p className="nhsuk-body">{data.calculation}</p>
            <div className="ct-why__step">
              <h3 className="nhsuk-heading-xs">Definition</h3>
              <DefinitionText definition={data.definition} />
            </div>
            <div className="ct-why__step">
              <h3 className="nhsuk-heading-xs">Feeds</h3>
              <FeedsUsed feeds={data.feeds} />
              <p>Snapshot {data.snapshot.id}, as of {longDate(data.snapshot.as_of)}.</p>
            </div>
            <div className="ct-why__step">
              <h3 className="nhsuk-heading-xs">Who we cannot see</h3>
              <UnseenText unseen={data.unseen} />
            </div>
            <Thread title="Priority" thread={data.priority} />
            <Thread title="People" thread={data.people} />
            <Thread title="Money" thread={data.money} />
            <Thread title="Decision" thread={data.decision} />
          </>
        )}
      </Loaded>
    </dialog>
  );
}
