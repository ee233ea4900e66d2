// One clause of a cohort, or a group of them, as fields.
import type { CohortFault, CohortWords } from "../api/types";
import { isGroup, newPart, pathWithin, type Kind, type Part } from "./form";

const kinds: [Kind, string][] = [
  ["register", "A long-term condition"], ["age", "Age"], ["sex", "Sex"], ["event", "Something recorded"], ["value", "A measured value"],
  ["practice", "Where they are registered"], ["all", "A group: all of these"], ["any", "A group: any of these"],
];
const titleOf = (kind: Kind): string => kinds.find(([id]) => id === kind)?.[1] ?? kind;

interface EditorProps {
  part: Part;
  at: string;
  name: string;
  words: CohortWords;
  faults: CohortFault[];
  change: (part: Part) => void;
  remove?: () => void;
}

function Field({ id, label, value, change, hint, wide = false, type = "text" }: { id: string; label: string; value: string; change: (value: string) => void; hint?: string; wide?: boolean; type?: string }) {
  return (
    <div className="ct-field">
      <label className="nhsuk-label" htmlFor={id}>{label}</label>
      <input className={`nhsuk-input ${wide ? "nhsuk-input--width-10" : "nhsuk-input--width-5"}`} id={id} type={type} value={value} placeholder={hint} autoComplete="off" onChange={(event) => change(event.target.value)} />
    </div>
  );
}

function Codelists({ id, label, part, words, change, of }: { id: string; label: string; part: Part; words: CohortWords; change: (part: Part) => void; of: (kind: string) => boolean }) {
  const lists = words.codelists.filter((list) => of(list.kind));
  const groups = [...new Set(lists.map((list) => list.kind))];
  const chosen = lists.find((list) => list.id === part.codelist);
  return (
    <div className="ct-field ct-field--wide">
      <label className="nhsuk-label" htmlFor={id}>{label}</label>
      <select className="nhsuk-select" id={id} value={part.codelist} onChange={(event) => change({ ...part, codelist: event.target.value })}>
        <option value="">Choose a codelist</option>
        {groups.length === 1
          ? lists.map((list) => <option key={list.id} value={list.id}>{list.title}</option>)
          : groups.map((kind) => <optgroup key={kind} label={`Kind: ${kind}`}>{lists.filter((list) => list.kind === kind).map((list) => <option key={list.id} value={list.id}>{list.title}</option>)}</optgroup>)}
      </select>
      {chosen !== undefined && <span className="nhsuk-hint ct-field__hint">{chosen.purpose} {chosen.codes} {chosen.codes === 1 ? "code" : "codes"}{chosen.unit !== "" && `, in ${chosen.unit}`}.</span>}
    </div>
  );
}

function Window({ id, part, change }: { id: string; part: Part; change: (part: Part) => void }) {
  return (
    <>
      <div className="ct-field">
        <label className="nhsuk-label" htmlFor={`${id}-window`}>When</label>
        <select className="nhsuk-select" id={`${id}-window`} value={part.window} onChange={(event) => change({ ...part, window: event.target.value as Part["window"] })}>
          <option value="months">In the last months</option>
          <option value="days">Between two days</option>
          <option value="ever">Ever</option>
        </select>
      </div>
      {part.window === "months" && <Field id={`${id}-months`} label="Months" value={part.months} change={(months) => change({ ...part, months })} />}
      {part.window === "days" && <Field id={`${id}-from`} label="From" type="date" wide value={part.from} change={(from) => change({ ...part, from })} />}
      {part.window === "days" && <Field id={`${id}-to`} label="To" type="date" wide value={part.to} change={(to) => change({ ...part, to })} />}
    </>
  );
}

function Bound({ id, label, value, kind, options, change }: { id: string; label: string; value: string; kind: string; options: [string, string][]; change: (value: string, kind: string) => void }) {
  return (
    <div className="ct-field">
      <label className="nhsuk-label" htmlFor={id}>{label}</label>
      <span className="ct-bound">
        <select className="nhsuk-select" aria-label={`${label}: with or without the number itself`} value={kind} onChange={(event) => change(value, event.target.value)}>
          {options.map(([option, words]) => <option key={option} value={option}>{words}</option>)}
        </select>
        <input className="nhsuk-input nhsuk-input--width-5" id={id} inputMode="decimal" value={value} autoComplete="off" onChange={(event) => change(event.target.value, kind)} />
      </span>
    </div>
  );
}

const wherever = [["places", "Places"], ["networks", "Networks of practices"], ["practices", "Practices"]] as const;

function Practices({ id, part, words, change }: { id: string; part: Part; words: CohortWords; change: (part: Part) => void }) {
  const add = (chosen: string) => {
    const [list, value] = [chosen.slice(0, chosen.indexOf(":")) as "places" | "networks" | "practices", chosen.slice(chosen.indexOf(":") + 1)];
    if (value !== "" && !part[list].includes(value)) change({ ...part, [list]: [...part[list], value] });
  };
  return (
    <div className="ct-field ct-field--wide">
      <label className="nhsuk-label" htmlFor={id}>Registered with a practice of</label>
      <select className="nhsuk-select" id={id} value="" onChange={(event) => add(event.target.value)}>
        <option value="">Add a place, network or practice</option>
        {wherever.map(([list, title]) => (
          <optgroup key={list} label={title}>{words[list].map((one) => <option key={one.id} value={`${list}:${one.id}`}>{one.name}</option>)}</optgroup>
        ))}
      </select>
      <ul className="ct-chips">
        {wherever.flatMap(([list]) => part[list].map((chosen) => {
          const name = words[list].find((one) => one.id === chosen)?.name ?? chosen;
          return <li key={list + chosen}>{name} <button type="button" className="ct-plain" aria-label={`Remove ${name}`} onClick={() => change({ ...part, [list]: part[list].filter((each) => each !== chosen) })}>remove</button></li>;
        }))}
      </ul>
    </div>
  );
}

function Fields({ part, id, words, change }: { part: Part; id: string; words: CohortWords; change: (part: Part) => void }) {
  switch (part.kind) {
    case "register": return <Codelists id={`${id}-list`} label="Register" part={part} words={words} change={change} of={(kind) => kind === "register"} />;
    case "sex":
      return (
        <div className="ct-field">
          <label className="nhsuk-label" htmlFor={`${id}-sex`}>Recorded as</label>
          <select className="nhsuk-select" id={`${id}-sex`} value={part.sex} onChange={(event) => change({ ...part, sex: event.target.value })}>
            <option value="female">Female</option>
            <option value="male">Male</option>
          </select>
        </div>
      );
    case "age":
      return (
        <>
          <Field id={`${id}-from`} label="From age" value={part.from} change={(from) => change({ ...part, from })} />
          <Field id={`${id}-to`} label="To age, included" value={part.to} change={(to) => change({ ...part, to })} />
        </>
      );
    case "event":
      return (
        <>
          <Codelists id={`${id}-list`} label="What was recorded" part={part} words={words} change={change} of={() => true} />
          <Window id={id} part={part} change={change} />
          <Field id={`${id}-least`} label="On at least so many days" value={part.atLeast} hint="1" change={(atLeast) => change({ ...part, atLeast })} />
        </>
      );
    case "value":
      return (
        <>
          <Codelists id={`${id}-list`} label="Latest value of" part={part} words={words} change={change} of={(kind) => kind === "observation"} />
          <Window id={id} part={part} change={change} />
          <Bound id={`${id}-low`} label="Lower end" value={part.low} kind={part.lowKind} options={[["above", "above"], ["at_least", "at least"]]} change={(low, kind) => change({ ...part, low, lowKind: kind as Part["lowKind"] })} />
          <Bound id={`${id}-high`} label="Upper end" value={part.high} kind={part.highKind} options={[["below", "below"], ["at_most", "at most"]]} change={(high, kind) => change({ ...part, high, highKind: kind as Part["highKind"] })} />
        </>
      );
    default: return <Practices id={`${id}-practice`} part={part} words={words} change={change} />;
  }
}

export function Faults({ faults }: { faults: CohortFault[] }) {
  return (
    <>
      {faults.map((fault, i) => (
        <p className="nhsuk-error-message ct-fault" key={i}><span className="nhsuk-u-visually-hidden">Error: </span>{fault.message.replace(fault.where ?? "", "This").trim()}; {fault.fix}</p>
      ))}
    </>
  );
}

/** A group with its clauses, and within them groups again. */
export function ClauseEditor({ part, at, name, words, faults, change, remove }: EditorProps) {
  const id = `clause-${part.key}`;
  const inner = pathWithin(at, part);
  const mine = faults.filter((fault) => fault.where?.startsWith(at) === true && !(isGroup(part) && part.parts.some((_, i) => fault.where?.startsWith(`${inner}[${i}]`) === true)));
  const unchosen = ["register", "event", "value"].includes(part.kind) && part.codelist === "";
  const setPart = (i: number, next: Part | undefined) => change({ ...part, parts: part.parts.flatMap((each, n) => (n !== i ? [each] : next === undefined ? [] : [next])) });
  const root = remove === undefined;
  return (
    <fieldset className={`ct-clause ${isGroup(part) ? "ct-clause--group" : ""} ${mine.length > 0 ? "ct-clause--wrong" : ""}`}>
      <legend className="ct-clause__name">{root ? "Everyone for whom" : `${name}. ${isGroup(part) ? "A group" : titleOf(part.kind)}`}</legend>
      <div className="ct-clause__fields">
        {isGroup(part) ? (
          <div className="ct-field">
            <label className="nhsuk-u-visually-hidden" htmlFor={`${id}-kind`}>{root ? "How the clauses are joined" : `How the clauses of group ${name} are joined`}</label>
            <select className="nhsuk-select" id={`${id}-kind`} value={part.kind} onChange={(event) => change({ ...part, kind: event.target.value as Kind })}>
              <option value="all">all of these are so</option>
              <option value="any">at least one of these is so</option>
            </select>
          </div>
        ) : <Fields part={part} id={id} words={words} change={change} />}
      </div>
      {unchosen ? <p className="nhsuk-error-message ct-fault"><span className="nhsuk-u-visually-hidden">Error: </span>Choose a codelist</p> : <Faults faults={mine} />}
      {isGroup(part) && (
        <>
          {part.parts.length === 0 && <p className="nhsuk-body ct-note">Nothing is asked yet: add a clause.</p>}
          {part.parts.map((each, i) => (
            <ClauseEditor key={each.key} part={each} at={`${inner}[${i}]`} name={root ? `${i + 1}` : `${name}.${i + 1}`} words={words} faults={faults} change={(next) => setPart(i, next)} remove={() => setPart(i, undefined)} />
          ))}
          <label className="nhsuk-u-visually-hidden" htmlFor={`${id}-add`}>{root ? "Add a clause" : `Add a clause to group ${name}`}</label>
          <select className="nhsuk-select ct-clause__add" id={`${id}-add`} value="" onChange={(event) => event.target.value !== "" && change({ ...part, parts: [...part.parts, newPart(event.target.value as Kind)] })}>
            <option value="">Add a clause...</option>
            {kinds.map(([kind, title]) => <option key={kind} value={kind}>{title}</option>)}
          </select>
        </>
      )}
      {!root && (
        <p className="ct-clause__tools">
          <label className="ct-check"><input type="checkbox" checked={part.negated} onChange={(event) => change({ ...part, negated: event.target.checked })} /> must not be so</label>
          <button type="button" className="ct-plain" aria-label={`Put into a group: clause ${name}`} onClick={() => change({ ...newPart("any"), parts: [part] })}>Put into a group</button>
          <button type="button" className="ct-plain" aria-label={`Remove clause ${name}`} onClick={remove}>Remove</button>
        </p>
      )}
    </fieldset>
  );
}
