import type { Start } from "../api/types";
import { useData } from "../api/use-data";
import { Figure } from "../figure/figure";
import { FeedsUsed, UnseenText } from "../figure/why";
import { count, longDate } from "../figure/words";
import { addresses, addressOf } from "../frame/addresses";
import { Link } from "../frame/link";
import { Page, Section } from "../frame/page";
import { useSession } from "../frame/session";
import { Empty, Loaded } from "../frame/states";
import { DotChart } from "../charts/dots";

export function StartPage() {
  const start = useData<Start>("/start");
  const { session } = useSession();
  return (
    <Page title={session.system.name} lead={start.data?.sentence} wide>
      <Loaded from={start} doing="Reading the current snapshot">
        {(data) => (
          <>
            <p className="nhsuk-body">{data.about}</p>
            <ul className="ct-tiles ct-tiles--four" aria-label="At a glance">
              {data.tiles.map((tile) => <li className="ct-tile" key={tile.id}><Figure figure={tile} size="large" label /></li>)}
              <li className="ct-tile">
                <span className="ct-figure__label">Feeds</span>
                <span className="ct-figure__value">{data.freshness.fresh} of {data.freshness.fresh + data.freshness.late + data.freshness.missing} fresh</span>
                <span className="ct-figure__note">
                  {data.freshness.late} late, {data.freshness.missing} missing; latest event {longDate(data.freshness.latest_event)}. <Link href={addresses.feeds}>See feeds</Link>
                </span>
              </li>
            </ul>
            {data.follow !== null && <Follow follow={data.follow} synthetic={session.system.synthetic} />}
            <div className="ct-columns">
              <Section title="What changed since the last snapshot">
                {data.changes.length === 0
                  ? <p className="nhsuk-body">This is the first snapshot: there is nothing to compare it with yet.</p>
                  : <ul className="nhsuk-list nhsuk-list--bullet">{data.changes.map((change) => <li key={change}>{change}</li>)}</ul>}
              </Section>
              <Section title="What needs attention">
                {data.attention.length === 0
                  ? <Empty title="Nothing needs attention">Every feed arrived on time and no check failed.</Empty>
                  : (
                    <ul className="ct-attention">
                      {data.attention.map((item) => (
                        <li key={item.kind + item.title} className={`ct-attention--${item.level}`}>
                          <strong>{item.link === null ? item.title : <Link href={addressOf(item.link)}>{item.title}</Link>}</strong>
                          <span>{item.detail}</span>
                        </li>
                      ))}
                    </ul>
                  )}
              </Section>
            </div>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Follow({ follow, synthetic }: { follow: NonNullable<Start["follow"]>; synthetic: boolean }) {
  const measure = follow.measure;
  const byPlace = measure.breakdowns.find((one) => one.dimension === "place");
  return (
    <Section title="Follow one priority" note={`${follow.priority.name}${follow.focus_area ? `: ${follow.focus_area}` : ""}. ${follow.promise}`}>
      <div className="ct-follow">
        <div className="ct-follow__figure">
          <h3 className="nhsuk-heading-s"><Link href={addresses.measure(measure.id)}>{measure.name}</Link></h3>
          <Figure figure={measure.figure} size="large" />
          {measure.goal !== null && <p className="nhsuk-body-s">Goal {count(measure.goal)}%</p>}
          <p className="nhsuk-body">{measure.headline}</p>
          <details className="nhsuk-details">
            <summary className="nhsuk-details__summary"><span className="nhsuk-details__summary-text">Which feeds, and who we cannot see</span></summary>
            <div className="nhsuk-details__text">
              <FeedsUsed feeds={measure.feeds} />
              <UnseenText unseen={measure.unseen} />
            </div>
          </details>
        </div>
        {byPlace !== undefined && (
          <DotChart title={measure.headline} subtitle={`${measure.name}, % with 95% interval, by place`} name={`${measure.id}-by-place`} synthetic={synthetic}
            goal={measure.goal} rows={byPlace.figures.map((figure) => ({ figure, label: figure.label }))} />
        )}
      </div>
    </Section>
  );
}
