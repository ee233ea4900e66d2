// CQL written by hand: lines numbered, faults marked in the text and listed below with line, column and fix.
import { useRef, type RefObject } from "react";
import type { CohortFault } from "../api/types";

interface Mark {
  from: number;
  to: number;
}

/** Where in the text a fault stands: the word or sign at its line and column. */
export function markOf(text: string, fault: CohortFault): Mark | undefined {
  if (fault.line < 1 || fault.library !== null) return undefined;
  const lines = text.split("\n");
  const line = lines[fault.line - 1];
  if (line === undefined) return undefined;
  const start = lines.slice(0, fault.line - 1).reduce((sum, each) => sum + each.length + 1, 0);
  const column = Math.min(Math.max(fault.column - 1, 0), line.length);
  const word = /^("(\\.|[^"\\])*"?|'(\\.|[^'\\])*'?|[A-Za-z0-9_]+|.)/.exec(line.slice(column));
  return { from: start + column, to: start + column + (word?.[0].length ?? 1) };
}

/** The text with its marks, to lie behind the field; a fault at the end of a line marks the blank there. */
function Marked({ text, marks }: { text: string; marks: Mark[] }) {
  const parts = [];
  let at = 0;
  for (const mark of [...marks].sort((a, b) => a.from - b.from)) {
    if (mark.from < at) continue;
    parts.push(text.slice(at, mark.from), <mark key={mark.from}>{text.slice(mark.from, mark.to).replace(/\n|^$/, " \n")}</mark>);
    at = mark.to;
  }
  return <>{parts}{text.slice(at)}{"\n"}</>;
}

export function goTo(field: HTMLTextAreaElement | null, mark: Mark): void {
  if (field === null) return;
  field.focus();
  field.setSelectionRange(mark.from, mark.to);
  const line = field.value.slice(0, mark.from).split("\n").length;
  field.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(field).lineHeight));
}

export function CqlEditor({ text, faults, change, field }: { text: string; faults: CohortFault[]; change: (text: string) => void; field: RefObject<HTMLTextAreaElement | null> }) {
  const back = useRef<HTMLPreElement>(null);
  const numbers = useRef<HTMLPreElement>(null);
  const marks = faults.flatMap((fault) => markOf(text, fault) ?? []);
  const lines = text.split("\n").length;
  const follow = () => {
    const from = field.current;
    if (from === null) return;
    if (back.current !== null) {
      back.current.scrollTop = from.scrollTop;
      back.current.scrollLeft = from.scrollLeft;
    }
    if (numbers.current !== null) numbers.current.scrollTop = from.scrollTop;
  };
  return (
    <div className="ct-cql">
      <label className="nhsuk-label" htmlFor="cohort-cql">The cohort in Clinical Quality Language (CQL)</label>
      <div className="ct-cql__frame">
        <div className="ct-cql__numbers" aria-hidden="true"><pre ref={numbers}>{Array.from({ length: lines }, (_, i) => i + 1).join("\n")}{"\n"}</pre></div>
        <div className="ct-cql__text">
          <pre className="ct-cql__back" aria-hidden="true" ref={back}><Marked text={text} marks={marks} /></pre>
          <textarea id="cohort-cql" ref={field} value={text} rows={Math.min(Math.max(lines + 1, 16), 34)} wrap="off" spellCheck={false} autoCapitalize="off" autoComplete="off"
            aria-invalid={faults.some((fault) => fault.severity === "error")} aria-describedby="cohort-faults" onChange={(event) => change(event.target.value)} onScroll={follow} />
        </div>
      </div>
    </div>
  );
}

export function FaultList({ text, faults, field }: { text: string; faults: CohortFault[]; field: RefObject<HTMLTextAreaElement | null> }) {
  return (
    <div id="cohort-faults" aria-live="polite">
      {faults.length > 0 && <p className="nhsuk-body"><strong>{faults.length === 1 ? "One thing to correct" : `${faults.length} things to correct`}</strong></p>}
      <ol className="ct-faults">
        {faults.map((fault, i) => {
          const mark = markOf(text, fault);
          return (
            <li key={i} className={`ct-faults__${fault.severity}`}>
              {mark !== undefined && <button type="button" className="ct-plain" onClick={() => goTo(field.current, mark)}>Line {fault.line}, column {fault.column}</button>}
              {mark === undefined && fault.library !== null && <strong>{fault.library}, line {fault.line}</strong>}
              <span>{fault.severity === "warning" && "Warning: "}{fault.message}.{fault.fix !== "" && <> <em>{fault.fix.charAt(0).toUpperCase() + fault.fix.slice(1)}{/[.?]$/.test(fault.fix) ? "" : "."}</em></>}</span>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
