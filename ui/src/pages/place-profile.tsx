import type { AreaMap, PlaceList, PlaceProfile } from "../api/types";
import { useData } from "../api/use-data";
import { saveCsv } from "../charts/chart";
import { DotChart } from "../charts/dots";
import { HexMap } from "../charts/hexmap";
import { Figure, unitText, valueText } from "../figure/figure";
import { HeldBack, HeldBackNote, heldBackWords } from "../figure/held-back";
import { UnseenText } from "../figure/why";
import { longDate } from "../figure/words";
import { addresses } from "../frame/addresses";
import { Link } from "../frame/link";
import { LongTable, Short } from "../frame/short-list";
import { Page, Section } from "../frame/page";
import { setQuery, go, useRoute } from "../frame/route";
import { useSession } from "../frame/session";
import { Loaded } from "../frame/states";
import { MeasureTabs, NotRun, PlaceSwitch } from "./measures";

type Item = PlaceProfile["need"][number];
const verdicts: Record<string, string> = { better: "▲ Better", worse: "▼ Worse", higher: "↑ Higher", lower: "↓ Lower" };

export function PlacesPage() {
  const places = useData<PlaceList>("/places");
  return (
    <Page title="Place profiles" lead="Each place against the whole area: who lives there, what they need, and what stands out." crumbs={[{ title: "Start", href: "/" }, { title: "Measures", href: addresses.measures }]}>
      <MeasureTabs at="places" />
      <Loaded from={places} doing="Reading the places">
        {(data) => (
          <ul className="ct-cards">
            {data.places.map((place) => (
              <li className="ct-card" key={place.id}>
                <h2 className="nhsuk-heading-s"><Link href={addresses.placeProfile(place.id)}>{place.name}</Link></h2>
                <p>{place.description}</p>
                <Figure figure={place.residents} size="inline" />
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

function Compared({ items, caption }: { items: Item[]; caption: string }) {
  return (
    <LongTable rows={items} noun="measures" label={caption} head={<><th scope="col">Measure</th><th scope="col">Here</th><th scope="col">95% interval</th><th scope="col">Whole area</th><th scope="col">Compared</th></>}>
      {(item) => (
        <tr key={item.measure}>
          <th scope="row"><Link href={`${addresses.measure(item.measure)}?place=${encodeURIComponent(item.figure.place ?? "")}&basis=resident`}>{item.name}</Link></th>
          <td data-title="Here">{valueText(item.figure)} {unitText(item.figure.unit)}<HeldBack why={item.figure.held_back} /></td>
          <td data-title="95% interval">{item.figure.interval === null ? "" : `${item.figure.interval.low} to ${item.figure.interval.high}`}</td>
          <td data-title="Whole area">{valueText(item.whole)}<HeldBack why={item.whole.held_back} tight /></td>
          <td data-title="Compared">{item.figure.comparison === null ? "not compared" : verdicts[item.figure.comparison.verdict] ?? "● Similar"}</td>
        </tr>
      )}
    </LongTable>
  );
}

function StandsOut({ profile }: { profile: PlaceProfile }) {
  return (
    <Short rows={profile.stands_out} noun="measures that stand out" most={4}>
      {(shown) => (
        <ol className="ct-standsout">
          {shown.map((one) => (
            <li key={one.measure} className={`ct-standsout--${one.verdict}`}>
              <strong>{verdicts[one.verdict]}.</strong> <Link href={`${addresses.measure(one.measure)}?place=${encodeURIComponent(profile.place)}&basis=resident`}>{one.sentence}</Link> {one.why} <HeldBack why={one.held_back} />
            </li>
          ))}
        </ol>
      )}
    </Short>
  );
}

export function PlaceProfilePage({ place }: { place: string }) {
  const { session } = useSession();
  const synthetic = session.system.synthetic;
  const { query } = useRoute();
  const loaded = useData<PlaceProfile>(`/places/${encodeURIComponent(place)}/profile`);
  const shown = query.get("measure") ?? undefined;
  const map = useData<AreaMap>(`/population/areas?place=${encodeURIComponent(place)}&measure=${encodeURIComponent(shown ?? "most-deprived")}`);
  const data = loaded.data;
  const download = (profile: PlaceProfile) => saveCsv(`profile-${profile.place}`, synthetic, {
    columns: ["measure", "name", "kind", "priority", "value", "low", "high", "unit", "numerator", "denominator", "whole_area", "compared", "standing"],
    rows: [...profile.need, ...profile.outcomes].map((item) => [item.measure, item.name, item.kind, item.priority ?? "", item.figure.suppressed ? "*" : item.figure.value ?? "", item.figure.interval?.low ?? "", item.figure.interval?.high ?? "",
      item.figure.unit, item.figure.numerator ?? "", item.figure.denominator ?? "", item.whole.suppressed ? "*" : item.whole.value ?? "", item.figure.comparison?.verdict ?? "", item.figure.held_back === null ? "" : heldBackWords]),
  });
  return (
    <Page title={data === undefined ? "Place profile" : `Profile of ${data.name}`} lead={data?.sentence} crumbs={[{ title: "Start", href: "/" }, { title: "Measures", href: addresses.measures }, { title: "Place profiles", href: addresses.places }]} wide>
      <MeasureTabs at="places" />
      <div className="ct-switches"><PlaceSwitch place={place} choose={(to) => go(addresses.placeProfile(to ?? place))} whole={false} /></div>
      <Loaded from={loaded} doing="Comparing the place with the whole">
        {(profile) => (
          <>
            <p className="nhsuk-body ct-chart__tools">
              <button type="button" className="ct-plain" onClick={() => print()}>Print or save as PDF</button>
              <button type="button" className="ct-plain" onClick={() => download(profile)}>Download as CSV</button>
            </p>
            <p className="nhsuk-body">As of {longDate(profile.as_of)}. {profile.note}</p>
            <HeldBackNote held={[...profile.need, ...profile.outcomes].map((item) => item.figure.held_back)} />
            {!profile.library && <NotRun />}
            <Section title="Population">
              <ul className="ct-tiles" aria-label="At a glance">{profile.population.map((tile) => <li className="ct-tile" key={tile.id}><Figure figure={tile} size="large" label /></li>)}</ul>
            </Section>
            {profile.stands_out.length > 0 && (
              <Section title="What stands out">
                <StandsOut profile={profile} />
              </Section>
            )}
            {profile.need.length > 0 && (
              <Section title="Need" note="How many people have each condition, against the whole area in grey.">
                <DotChart title={`Conditions in ${profile.name}`} subtitle="% of people, with 95% intervals" name={`need-${profile.place}`} synthetic={synthetic} againstName="Whole area"
                  rows={profile.need.filter((item) => item.figure.unit === "percent").map((item) => ({ figure: item.figure, label: item.figure.held_back === null ? item.name : `${item.name} †`, against: item.whole }))} />
              </Section>
            )}
            <Section title="Map">
              <Loaded from={map} doing="Drawing the map">
                {(areas) => (
                  <>
                    <label className="nhsuk-label" htmlFor="profile-map">Show</label>
                    <select className="nhsuk-select" id="profile-map" value={areas.measure.id} onChange={(event) => setQuery({ measure: event.target.value })}>
                      {areas.measures.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
                    </select>
                    <HexMap map={areas} synthetic={synthetic} />
                  </>
                )}
              </Loaded>
            </Section>
            {profile.outcomes.length > 0 && (
              <Section title="Outcomes and care">
                {profile.priorities.map((priority) => {
                  const items = profile.outcomes.filter((item) => item.priority === priority.id);
                  return items.length === 0 ? null : <div key={priority.id}><h3 className="nhsuk-heading-s">{priority.name}</h3><Compared items={items} caption={`${priority.name} in ${profile.name}`} /></div>;
                })}
                {profile.outcomes.some((item) => item.priority === null) && <><h3 className="nhsuk-heading-s">Other measures</h3><Compared items={profile.outcomes.filter((item) => item.priority === null)} caption={`Other measures in ${profile.name}`} /></>}
              </Section>
            )}
            <Section title="Who we cannot see"><UnseenText unseen={profile.unseen} /></Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
