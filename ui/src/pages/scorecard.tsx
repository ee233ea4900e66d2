import type { Scorecard } from "../api/types";
import { useData } from "../api/use-data";
import { addresses } from "../frame/addresses";
import { Page, Section } from "../frame/page";
import { Loaded } from "../frame/states";
import { MeasureTable, MeasureTabs, NotRun } from "./measures";

export function ScorecardPage() {
  const card = useData<Scorecard>("/scorecard");
  return (
    <Page title="Strategy scorecard" lead={card.data?.sentence} crumbs={[{ title: "Start", href: "/" }, { title: "Measures", href: addresses.measures }]} wide>
      <MeasureTabs at="scorecard" />
      <Loaded from={card} doing="Judging every measure">
        {(data) => (
          <>
            {!data.library && <NotRun />}
            <p className="nhsuk-body ct-note">{data.note}</p>
            {data.priorities.map((priority) => (
              <Section key={priority.id} title={priority.name} note={`${priority.summary} ${priority.sentence}`}>
                {priority.focus_areas.map((area) => (
                  <div key={area.id}>
                    <h3 className="nhsuk-heading-s">{area.name}</h3>
                    {area.measures.length === 0
                      ? <p className="nhsuk-body ct-note">No measure of the record: see the promises in <code>promises.csv</code> for what stands in its place.</p>
                      : <MeasureTable rows={area.measures} caption={`${priority.name}, ${area.name}`} />}
                  </div>
                ))}
              </Section>
            ))}
          </>
        )}
      </Loaded>
    </Page>
  );
}
