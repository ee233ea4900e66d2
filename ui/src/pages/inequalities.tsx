import type { Inequalities } from "../api/types";
import { useData } from "../api/use-data";
import { Chart } from "../charts/chart";
import { linear } from "../charts/scale";
import { Figure } from "../figure/figure";
import { HeldBack, HeldBackNote, heldBackWords } from "../figure/held-back";
import { decimal } from "../figure/words";
import { addresses } from "../frame/addresses";
import { Link } from "../frame/link";
import { Page, Section } from "../frame/page";
import { setQuery, useRoute } from "../frame/route";
import { useSession } from "../frame/session";
import { Empty, Loaded } from "../frame/states";
import { MeasureTabs, NotRun, PlaceSwitch, unitWords } from "./measures";

const kinds = [["deprivation", "Deprivation"], ["ethnicity", "Ethnic group"], ["sex", "Sex"], ["place", "Place"]] as const;
type Row = Inequalities["rows"][number];

/** How wide the widest gaps are against the whole area's value, with their intervals. */
function GapChart({ rows, page, synthetic }: { rows: Row[]; page: Inequalities; synthetic: boolean }) {
  const width = 760;
  const left = 330;
  const step = 26;
  const height = rows.length * step + 34;
  const scaleOf = (row: Row) => (row.gap.difference === 0 ? 0 : row.share_of_whole / row.gap.difference);
  const most = Math.max(...rows.map((row) => row.gap.high * scaleOf(row)), 0.1);
  const x = linear(0, most, left, width - 60);
  const marks = [0, 0.25, 0.5, 1, 1.5, 2, 3, 4, 6, 8].filter((mark) => mark <= most && (most < 2 || mark !== 0.25));
  const table = {
    columns: ["Measure", "Highest group", "Lowest group", "Gap", "Low", "High", "Unit", "Share of the whole", "Slope", "Standing"],
    rows: page.rows.map((row) => [row.name, row.gap.high_group, row.gap.low_group, row.gap.difference, row.gap.low, row.gap.high, unitWords(row.gap.unit), `${Math.round(row.share_of_whole * 100)}%`, row.gap.slope ?? "", row.whole.held_back === null ? "" : heldBackWords]),
  };
  return (
    <Chart title={page.sentence} subtitle={`Gap between groups as a share of the whole area's value, the ${rows.length} widest; all in the table`} table={table} name={`inequalities-${page.by}`} synthetic={synthetic}>
      <div className="ct-scroll" tabIndex={0} role="region" aria-label="Widest gaps, chart">
        <svg className="ct-svg ct-svg--wide" viewBox={`0 0 ${width} ${height}`} role="img" aria-label={`${page.sentence} ${rows.map((row) => row.gap.sentence).join(" ")}`}>
          {marks.map((mark) => (
            <g key={mark}>
              <line className="ct-grid" x1={x(mark)} x2={x(mark)} y1={4} y2={height - 26} />
              <text className="ct-tick" x={x(mark)} y={height - 10} textAnchor="middle">{Math.round(mark * 100)}%</text>
            </g>
          ))}
          {rows.map((row, i) => {
            const y = 4 + i * step + step / 2;
            const at = x(row.share_of_whole);
            return (
              <g key={row.measure}>
                <text className="ct-label" x={left - 10} y={y + 4} textAnchor="end">{row.name.length > 46 ? `${row.name.slice(0, 45)}…` : row.name}{row.whole.held_back === null ? "" : " †"}</text>
                <line className="ct-whisker" x1={x(Math.max(row.gap.low, 0) * scaleOf(row))} x2={x(row.gap.high * scaleOf(row))} y1={y} y2={y} />
                {row.against_most_deprived ? <path className="ct-dot ct-dot--worse" d={`M${at - 6} ${y - 5}h12l-6 11z`} /> : <circle className="ct-dot" cx={at} cy={y} r={5} />}
                <text className="ct-value" x={width - 52} y={y + 4}>{decimal(row.gap.difference)}</text>
              </g>
            );
          })}
        </svg>
      </div>
      <p className="ct-key">{page.by === "deprivation" ? "Triangle: to the harm of the most deprived fifth. Circle: not, or neither good nor bad. " : ""}Lines are 95% intervals.{rows.some((row) => row.whole.held_back !== null) && ` †: ${heldBackWords}.`}</p>
    </Chart>
  );
}

export function InequalitiesPage() {
  const { query } = useRoute();
  const { session } = useSession();
  const by = query.get("by") ?? "deprivation";
  const place = by === "place" ? undefined : query.get("place") ?? undefined;
  const page = useData<Inequalities>(`/inequalities?by=${encodeURIComponent(by)}${place ? `&place=${encodeURIComponent(place)}` : ""}`);
  return (
    <Page title="Inequalities" lead={page.data?.sentence} crumbs={[{ title: "Start", href: "/" }, { title: "Measures", href: addresses.measures }]} wide>
      <MeasureTabs at="inequalities" />
      <div className="ct-switches">
        <div role="group" aria-label="Between which groups" className="ct-switch">
          {kinds.map(([id, title]) => <button type="button" key={id} aria-pressed={by === id} onClick={() => setQuery({ by: id === "deprivation" ? undefined : id })}>{title}</button>)}
        </div>
        {by !== "place" && <PlaceSwitch place={place} choose={(to) => setQuery({ place: to })} />}
      </div>
      <Loaded from={page} doing="Measuring the gaps">
        {(data) => {
          const sure = data.rows.filter((row) => row.gap.beyond_chance);
          return !data.library ? <NotRun /> : data.rows.length === 0 ? <Empty title="No gap can be measured">Too few people are counted, or groups are hidden to protect them.</Empty> : (
            <>
              <p className="nhsuk-body ct-note">{data.note}</p>
              <HeldBackNote held={data.rows.map((row) => row.whole.held_back)} />
              {sure.length > 0 && <GapChart rows={sure.slice(0, 20)} page={data} synthetic={session.system.synthetic} />}
              <Section title={data.title} note="Ranked by the gap as a share of the whole area's value; those beyond chance first.">
                <div className="ct-scroll" tabIndex={0} role="region" aria-label="Measures ranked by gap">
                  <table className="nhsuk-table ct-cards-when-narrow">
                    <caption className="nhsuk-u-visually-hidden">Measures ranked by gap</caption>
                    <thead className="nhsuk-table__head"><tr><th scope="col">Measure</th><th scope="col">Whole</th><th scope="col">What the gap is</th><th scope="col" className="ct-number">Of the whole</th></tr></thead>
                    <tbody className="nhsuk-table__body">
                      {data.rows.map((row) => (
                        <tr key={row.measure}>
                          <th scope="row"><Link href={addresses.measure(row.measure)}>{row.name}</Link></th>
                          <td data-title="Whole"><Figure figure={row.whole} size="inline" /></td>
                          <td data-title="Gap">{row.against_most_deprived && row.gap.beyond_chance && <strong>▼ Harms the most deprived. </strong>}{row.gap.sentence}<HeldBack why={row.whole.held_back} tight /></td>
                          <td data-title="Of the whole" className="ct-number">{row.gap.beyond_chance ? `${Math.round(row.share_of_whole * 100)}%` : "chance"}</td>
                        </tr>
                      ))}
                    </tbody>
                  </table>
                </div>
              </Section>
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
