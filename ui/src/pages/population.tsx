import type { AreaMap, Breakdown, Conditions, PlaceList, Population } from "../api/types";
import { useData } from "../api/use-data";
import { DotChart } from "../charts/dots";
import { HexMap } from "../charts/hexmap";
import { Pyramid } from "../charts/pyramid";
import { Figure, valueText } from "../figure/figure";
import { CountsHeldBackNote, HeldBackNote } from "../figure/held-back";
import { Page, Section } from "../frame/page";
import { setQuery, useRoute } from "../frame/route";
import { useSession } from "../frame/session";
import { Loaded } from "../frame/states";
import { PopulationTabs } from "./cohorts";

const withQuery = (path: string, values: Record<string, string | undefined>): string => {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, value);
  const text = query.toString();
  return text === "" ? path : `${path}?${text}`;
};

export function PopulationPage() {
  const { query } = useRoute();
  const { session } = useSession();
  const synthetic = session.system.synthetic;
  const place = query.get("place") ?? undefined;
  const basis = query.get("basis") ?? undefined;
  const measure = query.get("measure") ?? undefined;
  const places = useData<PlaceList>("/places");
  const population = useData<Population>(withQuery("/population", { place, basis }));
  const conditions = useData<Conditions>(withQuery("/population/conditions", { place }));
  const by = query.get("by") === "neighbourhood" ? "neighbourhood" : undefined;
  const areas = useData<AreaMap>(withQuery("/population/areas", { measure, place, by }));
  const name = population.data?.place_name;
  return (
    <Page title={name === undefined ? "Population" : `Population of ${name.replace(/^The /, "the ")}`} lead={population.data?.headline} crumbs={[{ title: "Start", href: "/" }]} wide>
      <PopulationTabs at="everyone" />
      <div className="ct-switches">
        <div role="group" aria-label="Place" className="ct-switch">
          <button type="button" aria-pressed={place === undefined} onClick={() => setQuery({ place: undefined })}>Whole area</button>
          {places.data?.places.map((one) => <button type="button" key={one.id} aria-pressed={place === one.id} onClick={() => setQuery({ place: one.id })}>{one.name}</button>)}
        </div>
        <div role="group" aria-label="Who is counted" className="ct-switch">
          <button type="button" aria-pressed={basis !== "registered"} onClick={() => setQuery({ basis: undefined })}>Residents</button>
          <button type="button" aria-pressed={basis === "registered"} onClick={() => setQuery({ basis: "registered" })}>Registered with a practice</button>
        </div>
      </div>
      <Loaded from={population} doing="Counting people">
        {(data) => (
          <>
            <CountsHeldBackNote why={data.tiles[0]?.held_back ?? null} />
            <ul className="ct-tiles" aria-label="At a glance">{data.tiles.map((tile) => <li className="ct-tile" key={tile.id}><Figure figure={tile} size="large" label /></li>)}</ul>
            <div className="ct-columns">
              <Section title="Age and sex">
                <Pyramid bands={data.pyramid} title={data.headline} subtitle={`${data.basis === "registered" ? "Registered people" : "Residents"} of ${data.place_name.replace(/^The /, "the ")} by age and sex, % of all`} name={`pyramid-${data.place ?? "whole"}`} synthetic={synthetic} outlined={data.place !== null} />
              </Section>
              <Section title="Map">
                <Loaded from={areas} doing="Drawing the map">
                  {(map) => (
                    <>
                      <label className="nhsuk-label" htmlFor="map-measure">Show</label>
                      <select className="nhsuk-select" id="map-measure" value={map.measure.id} onChange={(event) => setQuery({ measure: event.target.value })}>
                        {map.measures.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
                      </select>
                      <div role="group" aria-label="Drawn by" className="ct-switch ct-switch--after">
                        <button type="button" aria-pressed={by === undefined} onClick={() => setQuery({ by: undefined })}>Small areas</button>
                        <button type="button" aria-pressed={by !== undefined} onClick={() => setQuery(measure === "most-deprived" ? { by: "neighbourhood", measure: undefined } : { by: "neighbourhood" })}>Neighbourhoods</button>
                      </div>
                      <HexMap map={map} synthetic={synthetic} />
                    </>
                  )}
                </Loaded>
              </Section>
            </div>
            <div className="ct-columns">{data.breakdowns.map((one) => <BreakdownChart key={one.dimension + one.title} breakdown={one} place={data.place_name} synthetic={synthetic} />)}</div>
          </>
        )}
      </Loaded>
      <Section title="Long-term conditions" note="Share of registered people on each register, with 95% intervals, as the measure of that name counts them. The grey mark is the whole area.">
        <Loaded from={conditions} doing="Counting registers">
          {(data) => (<>
            <HeldBackNote held={data.conditions.map((one) => one.figure.held_back)} />
            <DotChart title={data.headline} subtitle={`Prevalence in ${data.place_name.replace(/^The /, "the ")}, %`} name={`conditions-${data.place ?? "whole"}`} synthetic={synthetic} againstName="Whole area"
              rows={data.conditions.map((one) => ({ figure: one.figure, label: one.figure.held_back === null ? one.name : `${one.name} †`, against: data.place === null ? undefined : one.whole }))} />
          </>)}
        </Loaded>
      </Section>
    </Page>
  );
}

/** What the chart finds, from its figures: the largest group of a whole, or the highest and the lowest of a rate. */
function finding(breakdown: Breakdown): string {
  const shown = breakdown.figures.filter((figure) => figure.value !== null && !figure.suppressed && figure.unit === "percent").sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  const first = shown[0];
  const last = shown[shown.length - 1];
  if (first === undefined || last === undefined || shown.length < 2) return breakdown.title;
  if (first.measure?.endsWith("-share")) return `Largest: ${first.label}, ${valueText(first)}`;
  return first.value === last.value ? breakdown.title : `Highest: ${first.label}, ${valueText(first)}; lowest: ${last.label}, ${valueText(last)}`;
}

export function BreakdownChart({ breakdown, place, synthetic, goal }: { breakdown: Breakdown; place: string; synthetic: boolean; goal?: number | null }) {
  return (
    <Section title={breakdown.title} note={breakdown.note ?? undefined}>
      <DotChart title={finding(breakdown)} subtitle={place} name={`${breakdown.dimension}`} synthetic={synthetic} goal={goal ?? null}
        rows={breakdown.figures.map((figure) => ({ figure, label: figure.label }))} />
    </Section>
  );
}
