// "Why did this change?" of a measure: choose what to compare with; the parts drawn, in a table, and in plain words.
import { useState } from "react";
import type { MeasureChange } from "../api/types";
import { useData } from "../api/use-data";
import { ChangeChart } from "../charts/change";
import { Section } from "../frame/page";
import { setQuery, useRoute } from "../frame/route";
import { Empty, Loaded } from "../frame/states";

type Props = { measure: string; name: string; unit: string; synthetic: boolean };

/** Going through everyone takes seconds in a large population, so that it is done when asked for. */
export function MeasureChangeSection(props: Props) {
  const { query } = useRoute();
  const [asked, setAsked] = useState(query.get("from") !== null);
  if (asked) return <Compared {...props} />;
  return (
    <Section title="Why did this change?">
      <p className="nhsuk-body">The change since an earlier month, split into who is new, who left, late data, changed rules and real change. It goes through everyone who was counted, which may take some seconds.</p>
      <button type="button" className="nhsuk-button nhsuk-button--secondary" onClick={() => setAsked(true)}>Compare who was counted</button>
    </Section>
  );
}

function Compared({ measure, name, unit, synthetic }: Props) {
  const { query } = useRoute();
  const wanted = new URLSearchParams();
  const place = query.get("place");
  const from = query.get("from");
  if (place !== null) wanted.set("place", place);
  if (from !== null) wanted.set("from", from);
  const asked = wanted.toString();
  const change = useData<MeasureChange>(`/measures/${encodeURIComponent(measure)}/change${asked === "" ? "" : `?${asked}`}`);
  return (
    <Section title="Why did this change?">
      <Loaded from={change} doing="Comparing who was counted">
        {(data) => (
          <>
            {data.from.length > 0 && (
              <>
                <label className="nhsuk-label" htmlFor="change-from">Compare the latest month with</label>
                <select className="nhsuk-select" id="change-from" value={data.chosen ?? ""} onChange={(event) => setQuery({ from: event.target.value })}>
                  {data.from.map((one) => <option key={one.id} value={one.id}>{one.title.charAt(0).toUpperCase() + one.title.slice(1)}</option>)}
                </select>
              </>
            )}
            {!data.available ? <Empty title={data.sentence}>{data.note}</Empty> : (
              <>
                <p className="nhsuk-body ct-after-field" aria-live="polite">{data.sentence}</p>
                <ChangeChart change={data} name={name} unit={unit} synthetic={synthetic} />
                <dl className="ct-does">
                  {data.parts.map((part) => <div key={part.cause}><dt>{part.title}</dt><dd>{part.words}{!part.known && " It cannot be told from these two."}</dd></div>)}
                </dl>
                <p className="nhsuk-body-s ct-note">{data.note}{!data.from.some((one) => one.snapshot !== null) && " Only one snapshot is kept: build again when new extracts have come, and the two can be compared."}</p>
              </>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}
