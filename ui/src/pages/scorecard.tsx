import type { ImportedSeries, Scorecard } from "../api/types";
import { useData } from "../api/use-data";
import { Spark } from "../charts/trend";
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
                    {area.measures.length > 0 && <MeasureTable rows={area.measures} caption={`${priority.name}, ${area.name}`} />}
                    {area.series.length > 0 && <SeriesTable series={area.series} caption={`${priority.name}, ${area.name}: imported series`} />}
                    {area.measures.length === 0 && area.series.length === 0 && <p className="nhsuk-body ct-note">No measure of the record and no imported series: see <code>promises.csv</code> for what stands in its place.</p>}
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

const numeral = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });

/** Series that were brought in: not worked out from the record, so without interval, variation or a golden thread. */
function SeriesTable({ series, caption }: { series: ImportedSeries[]; caption: string }) {
  const places = series[0]?.latest.filter((one) => one.place !== "all") ?? [];
  return (
    <div className="ct-scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className="nhsuk-table ct-cards-when-narrow ct-measures">
        <caption className="ct-imported">Imported, not worked out from the record</caption>
        <thead className="nhsuk-table__head">
          <tr><th scope="col">Series</th><th scope="col">Whole area</th><th scope="col">Years</th><th scope="col">Source</th>{places.map((one) => <th scope="col" key={one.place} className="ct-number">{one.name}</th>)}</tr>
        </thead>
        <tbody className="nhsuk-table__body">
          {series.map((one) => {
            const whole = one.whole[one.whole.length - 1];
            return (
              <tr key={one.id}>
                <th scope="row">{one.name}<span className="ct-figure__note">{one.purpose}</span></th>
                <td data-title="Whole area"><strong>{whole === undefined ? "not given" : numeral.format(whole.value)}</strong> {one.unit}<span className="ct-figure__note">{one.period}{one.synthetic && ", synthetic"}</span></td>
                <td data-title="Years"><Spark values={one.whole.map((point) => point.value)} label={`${one.name} by year: ${one.sentence}`} /><span className="ct-figure__note">{one.sentence}</span></td>
                <td data-title="Source">{one.source}<span className="ct-figure__note">Held by {one.owner}</span></td>
                {places.map((place) => {
                  const value = one.latest.find((each) => each.place === place.place);
                  return <td key={place.place} className="ct-number" data-title={place.name}>{value === undefined ? "not given" : numeral.format(value.value)}</td>;
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
