// What CQL may name, searchable: codelists, tables and their elements, definitions of the library Record. Choosing
// one puts it into the text where the writing stands.
import { useState } from "react";
import type { CohortWords } from "../api/types";

export interface Insertion {
  text: string;
  codelist?: { id: string; title: string };  // to be declared once
}

interface Item {
  name: string;
  told: string;
  insert: Insertion;
}

const quoted = (text: string): string => `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;

/** What a codelist is looked for in, by its kind. */
function retrieve(kind: string, title: string): string {
  if (kind === "vaccine") return `[Immunization: ${quoted(title)}]`;
  if (kind === "medicine") return `[MedicationRequest: ${quoted(title)}]`;
  if (kind === "register") return `[Condition: ${quoted(title)}]`;
  return kind === "event" ? `[Encounter: ${quoted(title)}]` : `[Observation: ${quoted(title)}]`;
}

function itemsOf(words: CohortWords): [string, Item[]][] {
  return [
    ["Codelists", words.codelists.map((list) => ({ name: list.title, told: `${list.kind}, ${list.codes} ${list.codes === 1 ? "code" : "codes"}, codelist:${list.id}`, insert: { text: retrieve(list.kind, list.title), codelist: { id: list.id, title: list.title } } }))],
    ["Tables", words.tables.map((table) => ({ name: `${table.resource} (${table.table})`, told: table.elements.join(", "), insert: { text: `[${table.resource}]` } }))],
    ["Elements", words.tables.flatMap((table) => table.elements.map((element) => ({ name: `${table.resource}.${element}`, told: `table ${table.table}`, insert: { text: `.${element}` } })))],
    ["Defined for everyone", words.words.map((word) => ({ name: word.name, told: word.type, insert: { text: word.insert } }))],
  ];
}

/** The text with an insertion at the caret, and the codelist declared when it was not yet. */
export function inserted(text: string, at: number, insertion: Insertion): { text: string; caret: number } {
  let before = text.slice(0, at) + insertion.text;
  let whole = before + text.slice(at);
  if (insertion.codelist !== undefined && !whole.includes(`'codelist:${insertion.codelist.id}'`)) {
    const line = `valueset ${quoted(insertion.codelist.title)}: 'codelist:${insertion.codelist.id}'\n`;
    const lines = whole.split("\n");
    const last = lines.reduce((found, each, i) => (/^\s*(valueset|include|using)\b/.test(each) ? i : found), -1);
    const place = lines.slice(0, last + 1).reduce((sum, each) => sum + each.length + 1, 0);
    whole = whole.slice(0, place) + line + whole.slice(place);
    if (place <= before.length) before = before.slice(0, place) + line + before.slice(place);
  }
  return { text: whole, caret: before.length };
}

export function WordsList({ words, insert }: { words: CohortWords; insert: (insertion: Insertion) => void }) {
  const [wanted, setWanted] = useState("");
  const needle = wanted.trim().toLowerCase();
  return (
    <div className="ct-words">
      <label className="nhsuk-label" htmlFor="cohort-words">Find a codelist, table, element or definition</label>
      <input className="nhsuk-input" id="cohort-words" type="search" value={wanted} autoComplete="off" onChange={(event) => setWanted(event.target.value)} />
      <div className="ct-words__found" tabIndex={0} role="region" aria-label="What can be inserted">
        {itemsOf(words).map(([group, all]) => {
          const found = all.filter((item) => needle === "" || `${item.name} ${item.told}`.toLowerCase().includes(needle));
          const shown = found.slice(0, needle === "" ? 6 : 30);
          return (
            <div key={group}>
              <h3 className="nhsuk-heading-xs">{group} <span className="ct-note">{found.length}</span></h3>
              <ul>
                {shown.map((item, i) => (
                  <li key={item.name + i}><button type="button" className="ct-plain" onClick={() => insert(item.insert)}>{item.name}</button> <span className="ct-note">{item.told}</span></li>
                ))}
                {shown.length < found.length && <li className="ct-note">{found.length - shown.length} more: search to find them</li>}
              </ul>
            </div>
          );
        })}
      </div>
    </div>
  );
}
