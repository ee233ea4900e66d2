// Variation and assurance as the NHS draws them: a shape, a letter and words, so that colour is never needed.
import type { Assurance, RecentTrend, Variation } from "../api/types";

const variations: Record<Variation, { title: string; letter: string; tone: string }> = {
  none: { title: "Not judged", letter: "", tone: "none" },
  common_cause: { title: "Steady", letter: "~", tone: "steady" },
  improvement_high: { title: "Improving, higher", letter: "H", tone: "improvement" },
  improvement_low: { title: "Improving, lower", letter: "L", tone: "improvement" },
  concern_high: { title: "Concern, higher", letter: "H", tone: "concern" },
  concern_low: { title: "Concern, lower", letter: "L", tone: "concern" },
  neutral_high: { title: "Changed, higher", letter: "H", tone: "neutral" },
  neutral_low: { title: "Changed, lower", letter: "L", tone: "neutral" },
};

const assurances: Record<Assurance, { title: string; letter: string; tone: string }> = {
  none: { title: "No target judged", letter: "", tone: "none" },
  consistent_pass: { title: "Will meet the target", letter: "P", tone: "improvement" },
  consistent_fail: { title: "Will miss the target", letter: "F", tone: "concern" },
  hit_and_miss: { title: "May meet or miss the target", letter: "?", tone: "steady" },
};

export const variationWords = (variation: Variation): string => variations[variation].title;
export const assuranceWords = (assurance: Assurance): string => assurances[assurance].title;

function Icon({ letter, tone, square }: { letter: string; tone: string; square: boolean }) {
  return (
    <svg className={`ct-icon ct-icon--${tone}`} viewBox="0 0 24 24" aria-hidden="true">
      {square ? <rect x={2} y={2} width={20} height={20} rx={3} /> : <circle cx={12} cy={12} r={10} />}
      <text x={12} y={16.5} textAnchor="middle">{letter}</text>
    </svg>
  );
}

export function VariationIcon({ variation }: { variation: Variation }) {
  const { title, letter, tone } = variations[variation];
  return <span className="ct-iconed"><Icon letter={letter} tone={tone} square={false} /> {title}</span>;
}

export function AssuranceIcon({ assurance }: { assurance: Assurance }) {
  const { title, letter, tone } = assurances[assurance];
  return <span className="ct-iconed"><Icon letter={letter} tone={tone} square /> {title}</span>;
}

const trends: Record<RecentTrend["trend"], string> = { cannot_be_calculated: "", no_change: "→", increasing: "↑", decreasing: "↓" };
const trendTones: Record<RecentTrend["judgement"], string> = { better: "improvement", worse: "concern", none: "neutral" };

/** The trend over years: an arrow and words. */
export function RecentTrendIcon({ recent }: { recent: RecentTrend }) {
  const tone = recent.trend === "cannot_be_calculated" ? "none" : recent.trend === "no_change" ? "steady" : trendTones[recent.judgement];
  return <span className="ct-iconed"><Icon letter={trends[recent.trend]} tone={tone} square /> {recent.words}</span>;
}
