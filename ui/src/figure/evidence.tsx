// Why somebody counts or does not: the parts of a rule, the clauses each rests on with their answers, the rows behind.
import type { EvidencePart, EvidenceRow } from "../api/types";
import { longDate } from "./words";

const partWords: Record<EvidencePart["part"], string> = { denominator: "In the denominator?", exclusions: "Left out by the exclusions?", numerator: "In the numerator?" };
const uses: Record<EvidenceRow["use"], [string, string]> = { passed: ["✓", "meets it"], left_out: ["✗", "does not meet it"], read: ["·", "looked at"] };

export function RowText({ row }: { row: EvidenceRow }) {
  const from = row.file === null || row.file === "" ? null : `${row.file}, line ${row.line}`;
  return (
    <>
      <strong>{row.title}</strong>{" "}
      <span>{[row.title === row.kind ? null : row.kind, row.detail, row.date === null ? null : longDate(row.date), row.status].filter(Boolean).join(" · ")}</span>
      {from !== null && <small>{from}</small>}
    </>
  );
}

function Rows({ rows }: { rows: EvidenceRow[] }) {
  const most = 12;
  return (
    <ul className="ct-evidence__rows">
      {rows.slice(0, most).map((row, i) => {
        const [mark, words] = uses[row.use];
        return <li key={i} className={`ct-evidence__row ct-evidence__row--${row.use}`}><span aria-hidden="true">{mark}</span><span><span className="nhsuk-u-visually-hidden">{words}: </span><RowText row={row} /></span></li>;
      })}
      {rows.length > most && <li>{rows.length - most} rows more, older</li>}
    </ul>
  );
}

export function Clauses({ clauses }: { clauses: EvidencePart["clauses"] }) {
  return (
    <ul className="ct-evidence__clauses">
      {clauses.map((clause, i) => (
        <li key={i} style={{ marginLeft: `${Math.min(clause.depth, 4) * 14}px` }}>
          {clause.name}: <strong>{clause.answer}</strong>
          {clause.rows.length > 0 && <Rows rows={clause.rows} />}
        </li>
      ))}
    </ul>
  );
}

export function EvidenceParts({ parts }: { parts: EvidencePart[] }) {
  return (
    <div className="ct-evidence">
      {parts.map((part) => (
        <div key={part.part} className="ct-evidence__part">
          <p className="ct-evidence__question"><strong>{partWords[part.part]} {part.answer.charAt(0).toUpperCase() + part.answer.slice(1)}.</strong> {part.words}</p>
          <Clauses clauses={part.clauses} />
        </div>
      ))}
    </div>
  );
}

export function EvidenceLegend() {
  return <p className="nhsuk-body-s ct-note">✓ a row that meets the clause; ✗ one that was looked at and does not; · one that was looked at. What was not asked is not listed.</p>;
}
