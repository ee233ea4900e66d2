// Evidence on the Measure page: the worked cases, with made-up people and why each counts or does not.
import { useState } from "react";
import type { MeasureCases } from "../api/types";
import { useData } from "../api/use-data";
import { EvidenceLegend, EvidenceParts, RowText } from "../figure/evidence";
import { longDate } from "../figure/words";
import { Section } from "../frame/page";
import { Loaded } from "../frame/states";

export function MeasureCasesSection({ measure }: { measure: string }) {
  const [asked, setAsked] = useState(false);
  return (
    <Section title="Evidence">
      <p className="nhsuk-body">How the rule decides, shown on made-up people: why each is counted or not, and because of which rows. A real resident's evidence stands on their own record, for those who care for them.</p>
      {asked ? <Cases measure={measure} /> : <button type="button" className="nhsuk-button nhsuk-button--secondary" onClick={() => setAsked(true)}>Show the worked cases</button>}
    </Section>
  );
}

function Cases({ measure }: { measure: string }) {
  const cases = useData<MeasureCases>(`/measures/${encodeURIComponent(measure)}/cases`);
  return (
    <Loaded from={cases} doing="Running the worked cases">
      {(data) => (
        <>
          <p className="nhsuk-body" role="status">{data.sentence}</p>
          {data.cases.length > 0 && <EvidenceLegend />}
          {data.cases.map((one, i) => (
            <details key={i} className="nhsuk-details ct-case" open={i === 0}>
              <summary className="nhsuk-details__summary"><span className="nhsuk-details__summary-text">{one.title.charAt(0).toUpperCase() + one.title.slice(1)}</span></summary>
              <div className="nhsuk-details__text">
                <p className="nhsuk-body-s ct-note">On {longDate(one.month)}. Expected: {one.expected}. {one.as_expected ? "✓ So it is." : "▲ It is not so: tell the measure's owner."}</p>
                {one.people.map((person, n) => (
                  <article key={n} className="ct-case__person">
                    <h3 className="nhsuk-heading-xs">{person.who}</h3>
                    <p className="nhsuk-body"><strong>{person.sentence}</strong></p>
                    <EvidenceParts parts={person.parts} />
                    {person.record.length > 0 && (
                      <>
                        <p className="nhsuk-body-s ct-note">The whole of the made-up record:</p>
                        <ul className="ct-items">{person.record.map((row, r) => <li key={r}><RowText row={row} /></li>)}</ul>
                      </>
                    )}
                  </article>
                ))}
              </div>
            </details>
          ))}
        </>
      )}
    </Loaded>
  );
}
