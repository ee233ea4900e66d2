// The one way a number is shown: value, interval, numerator over denominator on request, comparison in
// word and shape, vintage, and "why?", which opens the golden thread.
import { useState } from "react";
import type { Figure as FigureData } from "../api/types";
import { count, decimal, longDate } from "./words";
import { HeldBack, heldBackWords } from "./held-back";
import { WhyPanel } from "./why";

export function valueText(figure: FigureData): string {
  if (figure.suppressed) return "*";
  if (figure.value === null) return "not known";
  switch (figure.unit) {
    case "percent": return `${decimal(figure.value)}%`;
    case "per_100":
    case "per_1000":
    case "per_10000":
    case "per_100000":
    case "years": return decimal(figure.value);
    case "pence": return `£${count(figure.value / 100)}`;
    default: return count(figure.value);
  }
}

export function unitText(unit: FigureData["unit"]): string {
  switch (unit) {
    case "per_100": return "per 100";
    case "per_1000": return "per 1,000";
    case "per_10000": return "per 10,000";
    case "per_100000": return "per 100,000";
    case "years": return "years";
    case "days": return "days";
    default: return "";
  }
}

/** Everything about a figure in one sentence, for alternative text and tables. */
export function spoken(figure: FigureData): string {
  if (figure.suppressed) return `${figure.label}: ${figure.suppression_note ?? "hidden to protect people"}`;
  if (figure.value === null) return `${figure.label}: ${figure.missing_reason ?? "not known"}`;
  const unit = unitText(figure.unit);
  const range = figure.interval ? `, ${figure.interval.level}% interval ${decimal(figure.interval.low)} to ${decimal(figure.interval.high)}` : "";
  return `${figure.label}: ${valueText(figure)}${unit ? ` ${unit}` : ""}${range}${figure.held_back === null ? "" : `, ${heldBackWords}`}`;
}

const verdicts: Record<string, [string, string]> = {
  better: ["▲", "better than"],
  worse: ["▼", "worse than"],
  similar: ["●", "similar to"],
  lower: ["↓", "lower than"],
  higher: ["↑", "higher than"],
};

export function Comparison({ figure }: { figure: FigureData }) {
  const comparison = figure.comparison;
  const verdict = comparison === null ? undefined : verdicts[comparison.verdict];
  if (comparison === null || verdict === undefined) return null;
  return (
    <span className={`ct-compare ct-compare--${comparison.verdict}`}>
      <span aria-hidden="true">{verdict[0]}</span> {verdict[1]} {comparison.against}
    </span>
  );
}

const vintages: Record<string, string> = { fresh: "all feeds fresh", late: "a feed is late", missing: "a feed is missing" };

function Vintage({ figure }: { figure: FigureData }) {
  return (
    <span className={`ct-vintage ct-vintage--${figure.vintage.status}`} title={`As of ${longDate(figure.vintage.as_of)}: ${vintages[figure.vintage.status] ?? ""}`}>
      <span aria-hidden="true" />
      <span className={figure.vintage.status === "fresh" ? "nhsuk-u-visually-hidden" : ""}>{vintages[figure.vintage.status]}</span>
    </span>
  );
}

export function Figure({ figure, size = "usual", label = false }: { figure: FigureData; size?: "usual" | "large" | "inline"; label?: boolean }) {
  const [open, setOpen] = useState(false);
  const [working, setWorking] = useState(false);
  const shown = !figure.suppressed && figure.value !== null;
  return (
    <span className={`ct-figure ct-figure--${size}`}>
      {label && <span className="ct-figure__label">{figure.label}</span>}
      <span className="ct-figure__value">
        <span className="ct-figure__open" onClick={() => setOpen(true)}>{valueText(figure)}</span>
        {shown && unitText(figure.unit) !== "" && <small> {unitText(figure.unit)}</small>}
        <Vintage figure={figure} />
      </span>
      {figure.suppressed && <span className="ct-figure__note">{figure.suppression_note ?? "hidden to protect people"}</span>}
      {!figure.suppressed && figure.value === null && <span className="ct-figure__note">{figure.missing_reason}</span>}
      <HeldBack why={figure.held_back} />
      {size !== "inline" && shown && figure.interval !== null && (
        <span className="ct-figure__note">{decimal(figure.interval.low)} to {decimal(figure.interval.high)} ({figure.interval.level}%)</span>
      )}
      {size !== "inline" && shown && figure.numerator !== null && figure.denominator !== null && (
        working
          ? <span className="ct-figure__note">{count(figure.numerator)} of {count(figure.denominator)}{figure.rounded_to ? `, rounded to ${figure.rounded_to}` : ""}</span>
          : <button type="button" className="ct-plain ct-figure__more" onClick={() => setWorking(true)} aria-label={`Out of? ${figure.label}`}>out of?</button>
      )}
      {size !== "inline" && shown && figure.rounded_to !== null && figure.denominator === null && <span className="ct-figure__note">rounded to {figure.rounded_to}</span>}
      {size !== "inline" && <Comparison figure={figure} />}
      <button type="button" className="ct-plain ct-figure__why" onClick={() => setOpen(true)} aria-label={`Why? ${figure.label}`}>why?</button>
      {open && <WhyPanel figure={figure} close={() => setOpen(false)} />}
    </span>
  );
}
