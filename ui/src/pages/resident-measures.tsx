// On a resident's record: in which measures they count, how they stand to each, and the rows behind one of them.
import { useRef, useState } from "react";
import type { ResidentEvidence, ResidentMeasure, ResidentMeasures } from "../api/types";
import { useData } from "../api/use-data";
import { EvidenceLegend, EvidenceParts } from "../figure/evidence";
import { longDate } from "../figure/words";
import { addresses } from "../frame/addresses";
import { Link } from "../frame/link";
import { Section } from "../frame/page";
import { Loaded } from "../frame/states";

/** Met says "in the numerator": whether that is good depends on the measure. */
function standingWords(one: ResidentMeasure): [string, string] {
  if (one.standing === "excluded") return ["–", "left out by an exclusion"];
  const met = one.standing === "met";
  if (one.good_direction === "higher") return met ? ["✓", "met"] : ["▲", "not met"];
  if (one.good_direction === "lower") return met ? ["▲", "counted, and should not be"] : ["✓", "not counted, as it should be"];
  return met ? ["•", "counted"] : ["•", "not counted"];
}

export function ResidentMeasuresSection({ handle }: { handle: string }) {
  const [asked, setAsked] = useState(false);
  return (
    <Section title="Measures" note="In which measures this resident counts, and because of which rows. Opening them is recorded, as opening the record is.">
      {asked ? <Listed handle={handle} /> : <button type="button" className="nhsuk-button nhsuk-button--secondary" onClick={() => setAsked(true)}>Show the measures</button>}
    </Section>
  );
}

function Listed({ handle }: { handle: string }) {
  const [month, setMonth] = useState("");
  const asked = month && `?month=${month}`;
  const found = useData<ResidentMeasures>(`/residents/${encodeURIComponent(handle)}/measures${asked}`);
  const known = useRef<ResidentMeasures>(undefined);  // the choice of months stays while another month is worked out
  if (found.data) known.current = found.data;
  const [open, setOpen] = useState<string>();
  return (
    <>
      {known.current && (
        <div className="nhsuk-form-group">
          <label className="nhsuk-label" htmlFor="measures-month">Counted on</label>
          <select id="measures-month" className="nhsuk-select" value={month || known.current.month.slice(0, 7)} onChange={(event) => setMonth(event.target.value)}>
            {known.current.months.map((one) => <option key={one} value={one.slice(0, 7)}>{longDate(one)}</option>)}
          </select>
        </div>
      )}
      <Loaded from={found} doing="Working out the measures">
        {(data) => (
          <>
            <p className="nhsuk-body" role="status">{data.sentence}</p>
            <ul className="ct-items ct-standings">
              {data.measures.map((one) => {
                const [mark, words] = standingWords(one);
                return (
                  <li key={one.id}>
                    <button type="button" className="ct-plain" aria-expanded={open === one.id} onClick={() => setOpen(open === one.id ? undefined : one.id)}>{one.name}</button>
                    <span className={mark === "▲" ? "ct-standing--amiss" : undefined}><b aria-hidden="true">{mark}</b> {words}</span>
                    {open === one.id && <Behind handle={handle} measure={one.id} asked={asked} />}
                  </li>
                );
              })}
            </ul>
            <p className="nhsuk-body-s ct-note">{data.others > 0 && `${data.others} measures do not speak of this resident. `}{data.note}</p>
          </>
        )}
      </Loaded>
    </>
  );
}

function Behind({ handle, measure, asked }: { handle: string; measure: string; asked: string }) {
  const evidence = useData<ResidentEvidence>(`/residents/${encodeURIComponent(handle)}/measures/${encodeURIComponent(measure)}${asked}`);
  return (
    <Loaded from={evidence} doing="Reading the rows behind it">
      {(data) => (
        <div className="ct-standing">
          <p className="nhsuk-body"><strong>{data.measure.sentence}</strong> On {longDate(data.month)}. <Link href={addresses.measure(measure)}>The measure</Link></p>
          <EvidenceParts parts={data.parts} />
          <EvidenceLegend />
        </div>
      )}
    </Loaded>
  );
}
