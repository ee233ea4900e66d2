// A long list on a phone: its first rows and a button for the rest. At other widths it is whole.
import { useState, type ReactNode } from "react";
import { useNarrow } from "../charts/use-narrow";

/** The rows to show and what to draw after them. `noun` says what they are, in the plural. */
export function useShort<Row>(rows: Row[], noun: string, most = 4): [Row[], ReactNode] {
  const narrow = useNarrow();
  const [whole, setWhole] = useState(false);
  if (!narrow || rows.length <= most + 1) return [rows, null];
  const button = (
    <button type="button" className="ct-plain ct-short" aria-expanded={whole} onClick={() => setWhole(!whole)}>
      {whole ? `Show the first ${most} ${noun}` : `Show all ${rows.length} ${noun}`}
    </button>
  );
  return [whole ? rows : rows.slice(0, most), button];
}

/** The same for a list in the middle of a page. */
export function Short<Row>({ rows, noun, most, children }: { rows: Row[]; noun: string; most: number; children: (rows: Row[]) => ReactNode }) {
  const [shown, more] = useShort(rows, noun, most);
  return <>{children(shown)}{more}</>;
}

/** A table that scrolls sideways in a wide window and is cards on a phone, of which the first are shown. `head` are the cells of its header row. */
export function LongTable<Row>({ rows, noun, most, label, caption, measures = false, head, children }: {
  rows: Row[]; noun: string; most?: number; label: string; caption?: string; measures?: boolean; head: ReactNode; children: (row: Row) => ReactNode;
}) {
  const [shown, more] = useShort(rows, noun, most);
  return (
    <>
      <div className="ct-scroll" tabIndex={0} role="region" aria-label={label}>
        <table className={`nhsuk-table ct-cards-when-narrow${measures ? " ct-measures" : ""}`}>
          <caption className={caption === undefined ? "nhsuk-u-visually-hidden" : "ct-imported"}>{caption ?? label}</caption>
          <thead className="nhsuk-table__head"><tr>{head}</tr></thead>
          <tbody className="nhsuk-table__body">{shown.map(children)}</tbody>
        </table>
      </div>
      {more}
    </>
  );
}
