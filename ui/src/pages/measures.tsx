import type { MeasureDetail, MeasureList } from "../api/types";
import { useData } from "../api/use-data";
import { Figure, valueText } from "../figure/figure";
import { DefinitionText, FeedsUsed, UnseenText } from "../figure/why";
import { addresses } from "../frame/addresses";
import { Link } from "../frame/link";
import { Page, Section } from "../frame/page";
import { useRoute } from "../frame/route";
import { useSession } from "../frame/session";
import { Empty, Loaded } from "../frame/states";
import { BreakdownChart } from "./population";

export function MeasuresPage() {
  const measures = useData<MeasureList>("/measures");
  return (
    <Page title="Measures" lead={measures.data?.sentence ?? "Every measure of this snapshot, for the whole area and by place."} crumbs={[{ title: "Start", href: "/" }]} wide>
      <Loaded from={measures} doing="Reading the measures">
        {(data) => data.measures.length === 0 ? <Empty title="No measure has been calculated">Run catchment build to publish a snapshot.</Empty> : (
          <div className="ct-scroll" tabIndex={0} role="region" aria-label="Measures">
            <table className="nhsuk-table ct-cards-when-narrow">
              <caption className="nhsuk-u-visually-hidden">Measures for the whole area and by place</caption>
              <thead className="nhsuk-table__head">
                <tr><th scope="col">Measure</th><th scope="col">Whole area</th>{data.measures[0]?.by_place.map((figure) => <th scope="col" key={figure.place ?? figure.label} className="ct-number">{figure.group ?? figure.label}</th>)}</tr>
              </thead>
              <tbody className="nhsuk-table__body">
                {data.measures.map((row) => (
                  <tr key={row.id}>
                    <th scope="row"><Link href={addresses.measure(row.id)}>{row.name}</Link></th>
                    <td data-title="Whole area"><Figure figure={row.figure} size="inline" /></td>
                    {row.by_place.map((figure) => <td key={figure.id} className="ct-number" data-title={figure.group ?? figure.label}>{valueText(figure)}</td>)}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

export function MeasurePage({ measure }: { measure: string }) {
  const place = useRoute().query.get("place");
  const { session } = useSession();
  const loaded = useData<MeasureDetail>(`/measures/${encodeURIComponent(measure)}${place ? `?place=${encodeURIComponent(place)}` : ""}`);
  const data = loaded.data;
  return (
    <Page title={data?.name ?? "Measure"} lead={data?.headline} crumbs={[{ title: "Start", href: "/" }, { title: "Measures", href: addresses.measures }]} wide>
      <Loaded from={loaded} doing="Reading the measure">
        {(detail) => (
          <>
            <p className="nhsuk-body">{detail.purpose}</p>
            <div className="ct-tile ct-tile--alone"><Figure figure={detail.figure} size="large" label />{detail.goal !== null && <span className="ct-figure__note">Goal {detail.goal}%</span>}</div>
            <div className="ct-columns">
              {detail.breakdowns.map((one) => <BreakdownChart key={one.dimension} breakdown={one} place={detail.name} synthetic={session.system.synthetic} goal={detail.goal} />)}
            </div>
            <Section title="Definition"><DefinitionText definition={detail.definition} /></Section>
            <Section title="Feeds"><FeedsUsed feeds={detail.feeds} /></Section>
            <Section title="Who we cannot see"><UnseenText unseen={detail.unseen} /></Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
