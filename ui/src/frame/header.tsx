import { useEffect, useId, useRef, useState, type FormEvent } from "react";
import { request } from "../api/client";
import type { SearchHits, Session } from "../api/types";
import { longDate } from "../figure/words";
import { addresses } from "./addresses";
import { Link } from "./link";
import { go, useRoute } from "./route";
import { useSession } from "./session";

const sections: { id: Session["sections"][number]; title: string; href: string; at: string }[] = [
  { id: "start", title: "Start", href: "/", at: "/" },
  { id: "population", title: "Population", href: addresses.population(), at: "/population" },
  { id: "measures", title: "Measures", href: addresses.measures, at: "/measures" },
  { id: "record", title: "Record", href: addresses.residents, at: "/record" },
  { id: "governance", title: "Governance", href: addresses.whoIsWho, at: "/governance" },
  { id: "data", title: "Data", href: addresses.feeds, at: "/data" },
];

export function applyContrast(high: boolean): void {
  document.documentElement.classList.toggle("ct-high-contrast", high);
  localStorage.setItem("contrast", high ? "high" : "usual");
}

export const contrastIsHigh = (): boolean => localStorage.getItem("contrast") === "high";

function hitAddress(hit: SearchHits["hits"][number]): string {
  switch (hit.kind) {
    case "place": return addresses.population(hit.id);
    case "measure": return addresses.measure(hit.id);
    case "body": return addresses.body(hit.id);
    case "feed": return addresses.feed(hit.id);
    case "priority": return addresses.priorities;
    default: return addresses.services;
  }
}

function Search() {
  const [text, setText] = useState("");
  const [hits, setHits] = useState<SearchHits["hits"]>();
  const [open, setOpen] = useState(false);
  const listId = useId();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (text.trim().length < 2) {
      setHits(undefined);
      return;
    }
    const stop = new AbortController();
    const wait = setTimeout(() => {
      request<SearchHits>("POST", "/search", { text: text.trim() }, stop.signal)
        .then((found) => setHits(found.hits))
        .catch(() => undefined);
    }, 200);
    return () => {
      clearTimeout(wait);
      stop.abort();
    };
  }, [text]);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const first = hits?.[0];
    if (first !== undefined) choose(hitAddress(first));
  };
  const choose = (to: string) => {
    setOpen(false);
    setText("");
    go(to);
  };
  return (
    <div className="ct-search" ref={box} onBlur={(event) => !box.current?.contains(event.relatedTarget) && setOpen(false)}
      onKeyDown={(event) => event.key === "Escape" && setOpen(false)}>
      <form role="search" onSubmit={submit}>
        <label className="nhsuk-u-visually-hidden" htmlFor={`${listId}-in`}>Search places, measures, bodies and feeds</label>
        <input id={`${listId}-in`} className="ct-search__input" type="search" autoComplete="off" placeholder="Search places, measures, bodies"
          value={text} aria-controls={listId} aria-expanded={open && hits !== undefined} role="combobox"
          onFocus={() => setOpen(true)} onChange={(event) => { setText(event.target.value); setOpen(true); }} />
      </form>
      {open && hits !== undefined && (
        <ul className="ct-search__hits" id={listId} role="listbox" aria-label="Found">
          {hits.length === 0 && <li role="option" aria-selected="false">Nothing found. People are searched under Record.</li>}
          {hits.map((hit) => (
            <li key={`${hit.kind}${hit.id}`} role="option" aria-selected="false">
              <a href={hitAddress(hit)} onClick={(event) => { event.preventDefault(); choose(hitAddress(hit)); }}>
                <strong>{hit.title}</strong> <span>{hit.detail}</span>
              </a>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function WhoIAm() {
  const { session, change } = useSession();
  const account = session.account;
  if (account === null) return null;
  const chooseRole = (role: string, purpose: string) => {
    request<Session>("PUT", "/session/role", { role, purpose }).then((next) => {
      change(next);
      go("/");
    }).catch(() => location.reload());
  };
  const signOut = () => {
    request<Session>("DELETE", "/session").then(change).catch(() => location.reload());
  };
  const role = account.roles.find((option) => option.role === session.role);
  return (
    <div className="ct-who">
      <span className="ct-who__name">{account.display_name}{account.roles.length === 1 && role ? `, ${role.title.toLowerCase()}` : ""}</span>
      {account.roles.length > 1 && (
        <label>Role{" "}
          <select value={session.role ?? ""} onChange={(event) => chooseRole(event.target.value, session.purpose ?? "")}>
            {account.roles.map((option) => <option key={option.role} value={option.role}>{option.title}</option>)}
          </select>
        </label>
      )}
      {session.purposes.length > 1 ? (
        <label>Purpose{" "}
          <select value={session.purpose ?? ""} onChange={(event) => chooseRole(session.role ?? "", event.target.value)}>
            {session.purposes.map((option) => <option key={option.purpose} value={option.purpose}>{option.title}</option>)}
          </select>
        </label>
      ) : (
        <span>Purpose: {session.purposes[0]?.title ?? "none"}</span>
      )}
      <button type="button" className="ct-plain" onClick={signOut}>Sign out</button>
    </div>
  );
}

export function Header() {
  const { session } = useSession();
  const route = useRoute();
  const [high, setHigh] = useState(contrastIsHigh);
  const clock = session.system.clock;
  const ofMeasures = ["/inequalities", "/scorecard", "/places"];
  const now = (at: string) => (at === "/" ? route.path === "/" : route.path.startsWith(at) || (at === addresses.measures && ofMeasures.some((one) => route.path.startsWith(one))));
  return (
    <header className="ct-header">
      <a className="nhsuk-skip-link" href="#maincontent">Skip to main content</a>
      <div className="nhsuk-width-container ct-header__top">
        <Link href="/" className="ct-brand">
          <span className="ct-brand__product">Catchment</span>
          <span className="ct-brand__system">{session.system.short_name}</span>
        </Link>
        {session.signed_in && <Search />}
        <div className="ct-header__tools">
          <span className="ct-clock" title={clock.demonstration ? "The example stands still on this day so that it never becomes overdue" : undefined}>
            {clock.demonstration ? "Demonstration clock: " : ""}{longDate(clock.today)}
          </span>
          <button type="button" className="ct-plain" aria-pressed={high} onClick={() => { applyContrast(!high); setHigh(!high); }}>Change contrast</button>
        </div>
      </div>
      {session.signed_in && <div className="ct-header__who"><div className="nhsuk-width-container"><WhoIAm /></div></div>}
      {session.signed_in && (
        <nav className="ct-nav" aria-label="Sections">
          <ul className="nhsuk-width-container">
            {sections.filter((section) => session.sections.includes(section.id)).map((section) => (
              <li key={section.id}>
                <Link href={section.href} aria-current={now(section.at) ? "page" : undefined}>{section.title}</Link>
              </li>
            ))}
          </ul>
        </nav>
      )}
      {session.system.synthetic && (
        <p className="ct-synthetic"><span className="nhsuk-width-container">{session.system.synthetic_notice ?? "Synthetic data: not real people or performance"}</span></p>
      )}
    </header>
  );
}

export function Footer() {
  const { session } = useSession();
  const snapshot = session.system.snapshot;
  return (
    <footer className="ct-footer">
      <div className="nhsuk-width-container">
        <p>
          Catchment {session.system.version}
          {snapshot !== null && <> · snapshot {snapshot.id}, as of {longDate(snapshot.as_of)}</>}
          {session.system.synthetic && <> · Synthetic data: not real people or performance</>}
        </p>
      </div>
    </footer>
  );
}
