import type { ImportedSeries, PlanRow, Scorecard } from "../api/types";
import { useData } from "../api/use-data";
import { Spark, monthText } from "../charts/trend";
import { HeldBack, HeldBackNote } from "../figure/held-back";
import { addresses } from "../frame/addresses";
import { Link } from "../frame/link";
import { Page, Section } from "../frame/page";
import { LongTable } from "../frame/short-list";
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
            <HeldBackNote held={data.priorities.flatMap((priority) => priority.focus_areas).flatMap((area) => area.measures).map((row) => row.figure.held_back)} />
            <nav aria-label="On this page"><ul className="nhsuk-list ct-onpage">{data.priorities.map((one) => <li key={one.id}><a href={`#${one.id}`}>{one.name}</a></li>)}</ul></nav>
            {data.priorities.map((priority) => (
              <Section key={priority.id} id={priority.id} title={priority.name} note={`${priority.summary} ${priority.sentence}`}>
                {priority.focus_areas.map((area) => (
                  <div key={area.id}>
                    {area.id !== "" && <h3 className="nhsuk-heading-s">{area.name}</h3>}
                    {area.measures.length > 0 && <MeasureTable most={2} rows={area.measures} caption={`${priority.name}, ${area.name}`} />}
                    {area.series.length > 0 && <SeriesTable series={area.series} caption={`${priority.name}, ${area.name}: imported series`} />}
                    {area.plan.length > 0 && <PlanTable lines={area.plan} caption={`${priority.name}, ${area.name}: lines of the plan`} />}
                    {area.measures.length === 0 && area.series.length === 0 && area.plan.length === 0 && <p className="nhsuk-body ct-note">No measure of the record and no imported series: see <code>promises.csv</code> for what stands in its place.</p>}
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

const standings: Record<PlanRow["standing"], { mark: string; words: string }> = {
  ahead: { mark: "▲", words: "Ahead" },
  as_planned: { mark: "●", words: "As planned" },
  behind: { mark: "▼", words: "Behind" },
  none: { mark: "–", words: "Not judged" },
};

/** What was promised by when, who answers for it, and where it stands. */
function PlanTable({ lines, caption }: { lines: PlanRow[]; caption: string }) {
  return (
    <LongTable rows={lines} noun="lines of the plan" most={2} label={caption} caption="In the plan" measures head={<><th scope="col">Line</th><th scope="col">Standing</th><th scope="col">Planned</th><th scope="col">Moves</th><th scope="col">Owner</th></>}>
      {(one) => (
        <tr key={one.id}>
          <th scope="row">{one.name}<span className="ct-figure__note">{one.sentence}</span><HeldBack why={one.held_back} /></th>
          <td data-title="Standing"><span aria-hidden="true">{standings[one.standing].mark}</span> {standings[one.standing].words}</td>
          <td data-title="Planned"><Spark values={one.points.map((point) => point.value)} label={`${one.name}: planned ${one.points.map((point) => `${numeral.format(point.value)} by ${monthText(point.month)}`).join(", ")}`} /><span className="ct-figure__note">{one.points.map((point) => `${numeral.format(point.value)} (${monthText(point.month)})`).join(", ")}{one.synthetic && "; synthetic"}</span></td>
          <td data-title="Moves">{one.measure === null ? one.of : <Link href={addresses.measure(one.measure)}>{one.of}</Link>}<span className="ct-figure__note">{one.place}</span></td>
          <td data-title="Owner">{one.owner}</td>
        </tr>
      )}
    </LongTable>
  );
}

const numeral = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 });

/** Series that were brought in: not worked out from the record, so without interval, variation or a golden thread. */
function SeriesTable({ series, caption }: { series: ImportedSeries[]; caption: string }) {
  const places = series[0]?.latest.filter((one) => one.place !== "all") ?? [];
  return (
    <LongTable rows={series} noun="imported series" most={1} label={caption} caption="Imported, not worked out from the record" measures head={<><th scope="col">Series</th><th scope="col">Whole area</th><th scope="col">Years</th><th scope="col">Source</th>{places.map((one) => <th scope="col" key={one.place} className="ct-number">{one.name}</th>)}</>}>
      {(one) => {
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
      }}
    </LongTable>
  );
}
