// A cohort counted: by month, and who is in it in the last month. A hidden count is a star, said in words beside it.
import type { CohortCounts } from "../api/types";
import { Chart } from "../charts/chart";
import { linear, ticks } from "../charts/scale";
import { monthText } from "../charts/trend";
import { narrowWidth, useNarrow } from "../charts/use-narrow";
import { count, decimal } from "../figure/words";

const shown = (members: number | null): string => (members === null ? "*" : count(members));

function MonthsChart({ counts, name, synthetic }: { counts: CohortCounts; name: string; synthetic: boolean }) {
  const narrow = useNarrow();
  const width = narrow ? narrowWidth : 640;
  const height = 240;
  const left = 58;
  const { months } = counts;
  const marks = ticks(Math.max(...months.map((month) => month.members ?? 0), 1));
  const x = linear(0, Math.max(months.length - 1, 1), left + 14, width - 26);
  const y = linear(0, marks[marks.length - 1] ?? 1, height - 34, 14);
  const step = narrow ? Math.ceil(months.length / 4) : Math.ceil(months.length / 7);
  let pen = false;
  const path = months.map((month, i) => {
    if (month.members === null) {
      pen = false;
      return "";
    }
    const move = pen ? "L" : "M";
    pen = true;
    return `${move}${x(i).toFixed(1)} ${y(month.members).toFixed(1)}`;
  }).join("");
  return (
    <Chart title={counts.sentence} subtitle="People in the cohort, by month" name={`${name}-months`} synthetic={synthetic} table={{ columns: ["Month", "People"], rows: months.map((month) => [monthText(month.month), shown(month.members)]) }}>
      <div className="ct-scroll" tabIndex={0} role="region" aria-label="People in the cohort by month, chart">
        <svg className={narrow ? "ct-svg ct-svg--narrow" : "ct-svg"} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={`${counts.sentence} ${months.length} months.`}>
          {marks.map((mark) => (
            <g key={mark}>
              <line className="ct-grid" x1={left} x2={width - 10} y1={y(mark)} y2={y(mark)} />
              <text className="ct-tick" x={left - 6} y={y(mark) + 4} textAnchor="end">{count(mark)}</text>
            </g>
          ))}
          {months.map((month, i) => i % step === (months.length - 1) % step && <text key={month.month} className="ct-tick" x={x(i)} y={height - 12} textAnchor="middle">{monthText(month.month).replace(" 20", " ")}</text>)}
          <path className="ct-trend" d={path} />
          {months.map((month, i) => {
            const label = `${monthText(month.month)}: ${month.members === null ? "hidden to protect people" : `${count(month.members)} people`}`;
            return month.members === null
              ? <text key={month.month} className="ct-label" x={x(i)} y={height - 38} textAnchor="middle" role="img" aria-label={label} tabIndex={0}>*</text>
              : <circle key={month.month} className="ct-spc" cx={x(i)} cy={y(month.members)} r={4.5} role="img" aria-label={label} tabIndex={0}><title>{label}</title></circle>;
          })}
        </svg>
      </div>
    </Chart>
  );
}

/** By group: what share of everyone registered is in it where that may be shown, else how many are. */
function SplitChart({ split, name, synthetic }: { split: CohortCounts["profile"][number]; name: string; synthetic: boolean }) {
  const narrow = useNarrow();
  const width = narrow ? narrowWidth : 460;
  const left = narrow ? 152 : 170;
  const step = 30;
  const height = split.groups.length * step + 30;
  const known = split.groups.filter((group) => !/^(Not known|Elsewhere)/.test(group.label));
  const shares = known.some((group) => group.share !== null);
  const valueOf = (group: (typeof known)[number]) => (shares ? group.share : group.members);
  const words = (group: (typeof known)[number]) => {
    const value = valueOf(group);
    if (value === null) return group.members === null ? "*" : `${count(group.members)} people`;
    return shares ? `${decimal(value)}%` : count(value);
  };
  const marks = ticks(Math.max(...split.groups.map((group) => valueOf(group) ?? 0), shares ? 0.1 : 1), narrow ? 3 : 5);
  const x = linear(0, marks[marks.length - 1] ?? 1, left, width - 58);
  const ranked = known.filter((group) => valueOf(group) !== null).sort((a, b) => (valueOf(b) ?? 0) - (valueOf(a) ?? 0));
  const [high, low] = [ranked[0], ranked[ranked.length - 1]];
  const title = high === undefined || low === undefined || high === low ? split.title : `${split.title}. Highest: ${high.label}, ${words(high)}; lowest: ${low.label}, ${words(low)}`;
  return (
    <Chart title={title} subtitle={shares ? "Of everyone alive and registered in the group, %" : "People in the cohort in the last month"} name={`${name}-${split.dimension}`} synthetic={synthetic}
      table={{ columns: [split.title, "People", "Of everyone", "Share, %"], rows: split.groups.map((group) => [group.label, shown(group.members), shown(group.everyone), group.share ?? ""]) }}>
      <div className="ct-scroll" tabIndex={0} role="region" aria-label={`${split.title}, chart`}>
        <svg className={narrow ? "ct-svg ct-svg--narrow" : "ct-svg"} viewBox={`0 0 ${width} ${height}`} role="group" aria-label={`${title}.`}>
          {marks.map((mark) => (
            <g key={mark}>
              <line className="ct-grid" x1={x(mark)} x2={x(mark)} y1={4} y2={height - 26} />
              <text className="ct-tick" x={x(mark)} y={height - 8} textAnchor="middle">{shares ? mark : count(mark)}</text>
            </g>
          ))}
          {split.groups.map((group, i) => {
            const value = valueOf(group);
            return (
              <g key={group.group} role="img" aria-label={`${group.label}: ${group.members === null ? "hidden to protect people" : `${count(group.members)} people`}${group.share === null ? "" : `, ${decimal(group.share)}% of everyone registered`}`}>
                <text className="ct-label" x={left - 8} y={i * step + 23} textAnchor="end">{group.label.replace("Elsewhere or not known", "Elsewhere, unknown")}</text>
                {value !== null && <rect className="ct-bar" x={left} y={i * step + 8} width={Math.max(x(value) - left, 0)} height={20} />}
                <text className="ct-label" x={(value === null ? left : x(value)) + 6} y={i * step + 23}>{words(group)}</text>
              </g>
            );
          })}
        </svg>
      </div>
    </Chart>
  );
}

export const countsTable = (counts: CohortCounts) => ({
  columns: ["what", "group", "people", "of everyone", "share"],
  rows: [
    ...counts.months.map((month) => ["month", month.month.slice(0, 7), month.members ?? "*", "", ""]),
    ...counts.profile.flatMap((split) => split.groups.map((group) => [split.dimension, group.label, group.members ?? "*", group.everyone ?? "*", group.share ?? ""])),
  ],
});

export function Counts({ counts, name, synthetic, seconds }: { counts: CohortCounts; name: string; synthetic: boolean; seconds: number }) {
  return (
    <>
      <div className="ct-tiles ct-tiles--few">
        <div className="ct-tile">
          <span className="ct-figure__label">People in it, {monthText(counts.month)}</span>
          <span className="ct-figure__value ct-cohort__members">{shown(counts.members)}</span>
          <span className="ct-figure__note">{counts.rules}</span>
          <span className="ct-figure__note">Rules: {counts.policy}. Counted in {seconds.toFixed(1)} seconds.</span>
        </div>
        <div className="ct-tile"><span className="ct-figure__label">Who we cannot see</span><span className="ct-figure__note">{counts.unseen} People who opted out of planning and research are not counted.</span></div>
      </div>
      {counts.errors.length > 0 && (
        <div className="nhsuk-warning-callout">
          <h3 className="nhsuk-warning-callout__label">Not everyone could be asked</h3>
          <ul>{counts.errors.map((error) => <li key={error.text}>{error.text} ({shown(error.people)} people)</li>)}</ul>
        </div>
      )}
      {counts.months.length > 1 ? <MonthsChart counts={counts} name={name} synthetic={synthetic} /> : <p className="nhsuk-body">{counts.sentence}</p>}
      <div className="ct-columns">{counts.profile.map((split) => <SplitChart key={split.dimension} split={split} name={name} synthetic={synthetic} />)}</div>
    </>
  );
}
