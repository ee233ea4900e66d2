// On a Measure page: one place or group held against others of its kind, as chosen. Groups of one kind hold different people, so
// that the interval of a difference follows from the intervals of both (Newcombe 1998, method 10; Zou and Donner 2008).
import type { Figure, MeasureDetail } from "../api/types";
import { DotChart } from "../charts/dots";
import { unitText, valueText } from "../figure/figure";
import { decimal } from "../figure/words";
import { Section } from "../frame/page";
import { setQuery, useRoute } from "../frame/route";

interface Difference {
  value: number;
  low: number;
  high: number;
}

/** Of `held` less `other`, from the values and 95% intervals as shown; nothing where one is hidden or has none. */
export function difference(held: Figure, other: Figure): Difference | undefined {
  if (held.value === null || other.value === null || held.interval === null || other.interval === null) return undefined;
  const value = held.value - other.value;
  return {
    value,
    low: value - Math.hypot(held.value - held.interval.low, other.interval.high - other.value),
    high: value + Math.hypot(held.interval.high - held.value, other.value - other.interval.low),
  };
}

const verdictOf = (found: Difference | undefined) => found === undefined ? "not compared" : found.low > 0 ? "higher" : found.high < 0 ? "lower" : "no clear difference";

const listed = (words: string[], last = "and"): string => words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} ${last} ${words[words.length - 1]}`;

function finding(held: Figure, others: Figure[]): string {
  const of = (verdict: string) => others.filter((other) => verdictOf(difference(held, other)) === verdict).map((other) => other.label);
  const parts = [
    ...(["higher", "lower"] as const).filter((verdict) => of(verdict).length > 0).map((verdict) => `is ${verdict} than ${listed(of(verdict))}`),
    ...(of("no clear difference").length > 0 ? [`does not clearly differ from ${listed(of("no clear difference"), "or")}`] : []),
    ...(of("not compared").length > 0 ? [`cannot be compared with ${listed(of("not compared"))}`] : []),
  ];
  return `${held.label} ${listed(parts)}`;
}

const signed = (value: number): string => {
  const text = decimal(Math.abs(value));
  return text === "0.0" ? text : `${value > 0 ? "+" : "−"}${text}`;
};

export function CompareSection({ detail, synthetic }: { detail: MeasureDetail; synthetic: boolean }) {
  const { query } = useRoute();
  const kinds = detail.breakdowns.filter((one) => one.figures.length > 1);
  const kind = kinds.find((one) => one.figures.some((figure) => figure.id === query.get("hold")));
  const held = kind?.figures.find((figure) => figure.id === query.get("hold"));
  const against = (query.get("against") ?? "").split(",").map(decodeURIComponent);
  const others = kind?.figures.filter((figure) => figure !== held && against.includes(figure.id)) ?? [];
  const choose = (chosen: Figure[]) => setQuery({ against: chosen.map((figure) => encodeURIComponent(figure.id)).join(",") });
  const left = kind?.figures.filter((figure) => figure !== held && !others.includes(figure)) ?? [];
  if (kinds.length === 0) return null;
  const unit = detail.unit === "percent" ? "percentage points" : unitText(detail.unit);
  return (
    <Section title="Compare chosen ones" note="One place or group held against others of its kind. Each is held against the whole area above.">
      <div className="ct-switches">
        <div className="nhsuk-form-group">
          <label className="nhsuk-label" htmlFor="compare-hold">Hold</label>
          <select id="compare-hold" className="nhsuk-select" value={held?.id ?? ""} onChange={(event) => setQuery({ hold: event.target.value, against: undefined })}>
            <option value="">Choose a place or group</option>
            {kinds.map((one) => <optgroup key={one.dimension} label={one.title}>{one.figures.map((figure) => <option key={figure.id} value={figure.id}>{figure.label}</option>)}</optgroup>)}
          </select>
        </div>
        {held !== undefined && left.length > 0 && (
          <div className="nhsuk-form-group">
            <label className="nhsuk-label" htmlFor="compare-against">Against</label>
            <select id="compare-against" className="nhsuk-select" value="" onChange={(event) => choose(kind?.figures.filter((figure) => others.includes(figure) || figure.id === event.target.value) ?? [])}>
              <option value="">{others.length === 0 ? "Choose another" : "Add another"}</option>
              {left.map((figure) => <option key={figure.id} value={figure.id}>{figure.label}</option>)}
            </select>
          </div>
        )}
      </div>
      {others.length > 0 && (
        <ul className="ct-chips" aria-label="Held against">
          {others.map((figure) => (
            <li key={figure.id}>
              <button type="button" className="ct-plain" onClick={() => choose(others.filter((other) => other !== figure))}>
                <span aria-hidden="true">✕ </span><span className="nhsuk-u-visually-hidden">Remove </span>{figure.label}
              </button>
            </li>
          ))}
        </ul>
      )}
      {held !== undefined && others.length > 0 && (
        <>
          <DotChart title={finding(held, others)} subtitle={`${detail.name}. The grey mark is ${held.label}.`} name={`${detail.id}-compared`} synthetic={synthetic}
            rows={[held, ...others].map((figure) => ({ figure, label: figure.label, against: figure === held ? undefined : held }))} goal={detail.goal} againstName={held.label} />
          <p className="nhsuk-body"><strong>{held.label} ({valueText(held)}) less each of the others, in {unit}</strong></p>
          <div className="ct-scroll" tabIndex={0} role="region" aria-label={`${held.label} less each of the others`}>
            <table className="nhsuk-table">
              <caption className="nhsuk-u-visually-hidden">{held.label} less each of the others, in {unit}</caption>
              <thead><tr><th scope="col">Other</th><th scope="col">In words</th><th scope="col">Difference</th><th scope="col">95% interval</th><th scope="col">Value</th></tr></thead>
              <tbody>
                {others.map((other) => {
                  const found = difference(held, other);
                  return (
                    <tr key={other.id}>
                      <th scope="row">{other.label}</th>
                      <td>{found === undefined ? (held.suppressed || other.suppressed ? "hidden to protect people" : "not known") : verdictOf(found)}</td>
                      <td className="ct-number">{found === undefined ? "" : signed(found.value)}</td>
                      <td className="ct-number">{found === undefined ? "" : `${signed(found.low)} to ${signed(found.high)}`}</td>
                      <td className="ct-number">{valueText(other)}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          </div>
          <p className="nhsuk-body-s ct-note">From the figures as shown. Where the interval holds 0, chance alone may make the difference. The more pairs are looked at, the more of them differ by chance: one in twenty.</p>
        </>
      )}
    </Section>
  );
}
