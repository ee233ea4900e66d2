import type { AreaMap, MeasureDetail, MeasureList, PlaceList } from "../api/types";
import { useData } from "../api/use-data";
import { CrossingChart } from "../charts/crossing";
import { FunnelChart } from "../charts/funnel";
import { HexMap } from "../charts/hexmap";
import { AssuranceIcon, RecentTrendIcon, VariationIcon, variationWords } from "../charts/icons";
import { Spark, TrendChart } from "../charts/trend";
import { Figure, unitText, valueText } from "../figure/figure";
import { HeldBack, HeldBackNote, heldBackWords } from "../figure/held-back";
import { DefinitionText, FeedsUsed, UnseenText } from "../figure/why";
import { addresses } from "../frame/addresses";
import { Link } from "../frame/link";
import { LongTable } from "../frame/short-list";
import { Page, Section } from "../frame/page";
import { setQuery, useRoute } from "../frame/route";
import { useSession } from "../frame/session";
import { Empty, Loaded } from "../frame/states";
import { MeasureCasesSection } from "./measure-cases";
import { CompareSection } from "./measure-compare";
import { MeasureChangeSection } from "./measure-change";
import { BreakdownChart } from "./population";

type At = "list" | "inequalities" | "scorecard" | "places";

export function MeasureTabs({ at }: { at: At }) {
  const tabs: [At, string, string][] = [
    ["list", addresses.measures, "All measures"], ["inequalities", addresses.inequalities, "Inequalities"],
    ["scorecard", addresses.scorecard, "Strategy scorecard"], ["places", addresses.places, "Place profiles"],
  ];
  return (
    <nav className="ct-tabs" aria-label="Pages of measures">
      {tabs.map(([id, href, title]) => <Link key={id} href={href} aria-current={at === id ? "page" : undefined}>{title}</Link>)}
    </nav>
  );
}

export function NotRun() {
  return <Empty title="The measure library has not been worked out for this snapshot">Run <code>catchment build --workspace WORKSPACE --stage measures</code>, then reload this page.</Empty>;
}

export const unitWords = (unit: MeasureDetail["unit"]): string => (unit === "percent" ? "%" : unitText(unit));

export function MeasureTable({ rows, caption, most }: { rows: MeasureList["measures"]; caption: string; most?: number }) {
  return (
    <LongTable rows={rows} noun="measures" most={most} label={caption} measures head={<><th scope="col">Measure</th><th scope="col">Whole area</th><th scope="col">Target</th><th scope="col">Months</th><th scope="col">Variation</th>{rows[0]?.by_place.map((figure) => <th scope="col" key={figure.place ?? figure.label} className="ct-number">{figure.label}</th>)}</>}>
      {(row) => (
        <tr key={row.id}>
          <th scope="row"><Link href={addresses.measure(row.id)}>{row.name}</Link></th>
          <td data-title="Whole area"><Figure figure={row.figure} size="inline" /></td>
          <td data-title="Target">{row.goal === null ? "none" : `${row.goal}${row.unit === "percent" ? "%" : ""}`}{row.trajectory !== null && <span className="ct-figure__note">{row.trajectory}</span>}</td>
          <td data-title="Months"><Spark values={row.spark} label={`${row.spark.length} months of ${row.name}, ${variationWords(row.variation).toLowerCase()}`} /><HeldBack why={row.months_held_back} words={`some months ${heldBackWords}`} /></td>
          <td data-title="Variation"><VariationIcon variation={row.variation} />{row.assurance !== "none" && <><br /><AssuranceIcon assurance={row.assurance} /></>}{row.recent !== null && <><br /><RecentTrendIcon recent={row.recent} /> <span className="ct-figure__note">over five years</span></>}</td>
          {row.by_place.map((figure) => <td key={figure.id} className="ct-number" data-title={figure.label}>{valueText(figure)}<HeldBack why={figure.held_back} tight /></td>)}
        </tr>
      )}
    </LongTable>
  );
}

export function MeasuresPage() {
  const measures = useData<MeasureList>("/measures");
  return (
    <Page title="Measures" lead={measures.data?.sentence ?? "Every measure of this snapshot, for the whole area and by place."} crumbs={[{ title: "Start", href: "/" }]} wide>
      <MeasureTabs at="list" />
      <Loaded from={measures} doing="Reading the measures">
        {(data) => {
          const groups = [...data.priorities.map((one) => ({ id: one.id as string | null, name: one.name })), { id: null, name: data.library ? "Registers and other measures" : "Measures" }];
          const known = new Set(data.priorities.map((one) => one.id));
          return (
            <>
              {!data.library && <NotRun />}
              <HeldBackNote held={data.measures.map((row) => row.figure.held_back)} />
              {groups.map((group) => {
                const rows = data.measures.filter((row) => (group.id === null ? row.priority === null || !known.has(row.priority) : row.priority === group.id));
                return rows.length === 0 ? null : (
                  <Section key={group.id ?? "none"} title={group.name} note={`${rows.length} ${rows.length === 1 ? "measure" : "measures"}`}>
                    <MeasureTable rows={rows} caption={`${group.name}: measures for the whole area and by place`} />
                  </Section>
                );
              })}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}

export function PlaceSwitch({ place, choose, whole = true }: { place: string | undefined; choose: (place: string | undefined) => void; whole?: boolean }) {
  const places = useData<PlaceList>("/places");
  return (
    <div role="group" aria-label="Place" className="ct-switch">
      {whole && <button type="button" aria-pressed={place === undefined} onClick={() => choose(undefined)}>Whole area</button>}
      {places.data?.places.map((one) => <button type="button" key={one.id} aria-pressed={place === one.id} onClick={() => choose(one.id)}>{one.name}</button>)}
    </div>
  );
}

function Gaps({ gaps }: { gaps: MeasureDetail["gaps"] }) {
  return (
    <ul className="nhsuk-list nhsuk-list--bullet">
      {gaps.map((gap) => <li key={gap.dimension}><strong>{gap.title}.</strong> {gap.sentence}</li>)}
    </ul>
  );
}

export function MeasurePage({ measure }: { measure: string }) {
  const { query } = useRoute();
  const { session } = useSession();
  const synthetic = session.system.synthetic;
  const place = query.get("place") ?? undefined;
  const wanted = new URLSearchParams();
  for (const name of ["place", "basis", "index"]) {
    const value = query.get(name);
    if (value !== null) wanted.set(name, value);
  }
  const asked = wanted.toString();
  const loaded = useData<MeasureDetail>(`/measures/${encodeURIComponent(measure)}${asked ? `?${asked}` : ""}`);
  const map = useData<AreaMap>(`/population/areas?measure=${encodeURIComponent(measure)}${place ? `&place=${encodeURIComponent(place)}` : ""}`);
  const data = loaded.data;
  return (
    <Page title={data?.name ?? "Measure"} lead={data?.headline} crumbs={[{ title: "Start", href: "/" }, { title: "Measures", href: addresses.measures }]} wide>
      <Loaded from={loaded} doing="Reading the measure">
        {(detail) => (
          <>
            <p className="nhsuk-body">{detail.purpose}</p>
            <div className="ct-switches">
              <PlaceSwitch place={place} choose={(to) => setQuery({ place: to })} />
              {detail.basis !== null && (
                <div role="group" aria-label="Who is counted" className="ct-switch">
                  <button type="button" aria-pressed={detail.basis === "registered"} onClick={() => setQuery({ basis: undefined })}>Registered here</button>
                  <button type="button" aria-pressed={detail.basis === "resident"} onClick={() => setQuery({ basis: "resident" })}>Living here</button>
                </div>
              )}
              {detail.indices.length > 1 && (
                <div role="group" aria-label="Deprivation index" className="ct-switch">
                  {detail.indices.map((index, i) => <button type="button" key={index} aria-pressed={detail.index === index} onClick={() => setQuery({ index: i === 0 ? undefined : index })}>Index of {index}</button>)}
                </div>
              )}
            </div>
            <div className="ct-tiles ct-tiles--few">
              <div className="ct-tile"><Figure figure={detail.figure} size="large" label />{detail.goal !== null && <span className="ct-figure__note">Target {detail.goal}{detail.unit === "percent" ? "%" : ` ${unitText(detail.unit)}`}</span>}{detail.period !== null && <span className="ct-figure__note">{detail.period}</span>}</div>
              {detail.standardised !== null && <div className="ct-tile"><Figure figure={detail.standardised} size="large" label /><span className="ct-figure__note">As if every group had the ages of the European Standard Population 2013</span></div>}
              {detail.trend !== null && <div className="ct-tile"><span className="ct-figure__label">Variation and assurance</span><VariationIcon variation={detail.trend.variation} /><AssuranceIcon assurance={detail.trend.assurance} /><span className="ct-figure__note">{detail.trend.variation_words}. {detail.trend.assurance_words}.</span></div>}
              {detail.trend !== null && <div className="ct-tile"><span className="ct-figure__label">Recent trend</span><RecentTrendIcon recent={detail.trend.recent} /><span className="ct-figure__note">{detail.trend.recent.sentence}</span></div>}
            </div>
            {detail.gaps.length > 0 && <Section title="Is it fair?"><Gaps gaps={detail.gaps} /></Section>}
            {detail.trend !== null && detail.trend.points.length > 1 && <Section title="Is it getting better?"><TrendChart trend={detail.trend} name={detail.name} unit={unitWords(detail.unit)} synthetic={synthetic} /></Section>}
            {detail.trend !== null && <MeasureChangeSection measure={detail.id} name={detail.name} unit={unitWords(detail.unit)} synthetic={synthetic} />}
            <div className="ct-columns">
              {detail.breakdowns.map((one) => <BreakdownChart key={one.dimension} breakdown={one} place={detail.name} synthetic={synthetic} goal={detail.goal} />)}
            </div>
            <CompareSection detail={detail} synthetic={synthetic} />
            {detail.crossings.length > 0 && (
              <Section title="Two groups at once">
                <div className="ct-columns">{detail.crossings.map((one) => <CrossingChart key={one.dimension} crossing={one} name={detail.name} unit={unitWords(detail.unit)} synthetic={synthetic} />)}</div>
              </Section>
            )}
            {detail.hidden_splits.length > 0 && (
              <Section title="What is hidden to protect people">
                <ul className="nhsuk-list nhsuk-list--bullet">{detail.hidden_splits.map((sentence) => <li key={sentence}>{sentence}</li>)}</ul>
              </Section>
            )}
            {map.data !== undefined && <Section title="Small areas" note="People who live here, by small area."><HexMap map={map.data} synthetic={synthetic} /></Section>}
            {detail.funnel !== null && <Section title="Practices" note="People registered with each practice."><FunnelChart funnel={detail.funnel} name={detail.name} unit={unitWords(detail.unit)} synthetic={synthetic} /></Section>}
            <Section title="Definition">
              <DefinitionText definition={detail.definition} />
              <p className="nhsuk-body">
                {detail.owner !== null && detail.owner !== "" && <>Held by {detail.owner}. </>}
                {detail.year !== null && <>Rules of {detail.year}. </>}
                {detail.priority !== null && <>Serves <Link href={addresses.scorecard}>{detail.priority.name}</Link>{detail.programme !== null && `, ${detail.programme}`}. </>}
                {detail.limits !== null && <>What it cannot say: {detail.limits}</>}
              </p>
            </Section>
            {detail.trend !== null && <MeasureCasesSection measure={detail.id} />}
            <Section title="Feeds"><FeedsUsed feeds={detail.feeds} /></Section>
            <Section title="Who we cannot see"><UnseenText unseen={detail.unseen} /></Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
