// A cohort's form as the page edits it: every field a text as typed, "not" a mark on its clause. Written to and read
// from the JSON of docs/reference/cohorts.md.

export type Kind = "all" | "any" | "register" | "age" | "sex" | "event" | "value" | "practice";

export interface Part {
  key: number;
  kind: Kind;
  negated: boolean;
  parts: Part[];
  codelist: string;
  from: string;
  to: string;
  sex: string;
  window: "ever" | "months" | "days";
  months: string;
  atLeast: string;
  low: string;
  lowKind: "above" | "at_least";
  high: string;
  highKind: "below" | "at_most";
  places: string[];
  networks: string[];
  practices: string[];
}

let lastKey = 0;

export function newPart(kind: Kind): Part {
  lastKey += 1;
  return {
    key: lastKey, kind, negated: false, parts: [], codelist: "", from: "", to: "", sex: "female", window: kind === "event" || kind === "value" ? "months" : "ever", months: "12",
    atLeast: "", low: "", lowKind: "above", high: "", highKind: "below", places: [], networks: [], practices: [],
  };
}

export const isGroup = (part: Part): boolean => part.kind === "all" || part.kind === "any";

/** A whole number or a decimal as a number; anything else as it was typed, so that the server says what is wrong. */
const numberOf = (text: string): number | string => (/^-?\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : text);

function windowOf(part: Part): Record<string, unknown> {
  if (part.window === "months") return { within_months: numberOf(part.months) };
  if (part.window === "days") return { ...(part.from !== "" && { from: part.from }), ...(part.to !== "" && { to: part.to }) };
  return {};
}

function bodyOf(part: Part): unknown {
  switch (part.kind) {
    case "all":
    case "any": return part.parts.map(toJson);
    case "register": return part.codelist;
    case "sex": return part.sex;
    case "age": return { ...(part.from !== "" && { from: numberOf(part.from) }), ...(part.to !== "" && { to: numberOf(part.to) }) };
    case "event": return { codelist: part.codelist, ...windowOf(part), ...(part.atLeast !== "" && part.atLeast !== "1" && { at_least: numberOf(part.atLeast) }) };
    case "value": return { codelist: part.codelist, ...windowOf(part), ...(part.low !== "" && { [part.lowKind]: numberOf(part.low) }), ...(part.high !== "" && { [part.highKind]: numberOf(part.high) }) };
    case "practice": return { ...(part.places.length > 0 && { places: part.places }), ...(part.networks.length > 0 && { networks: part.networks }), ...(part.practices.length > 0 && { practices: part.practices }) };
  }
}

export function toJson(part: Part): Record<string, unknown> {
  const clause = { [part.kind]: bodyOf(part) };
  return part.negated ? { not: clause } : clause;
}

type Loose = Record<string, unknown>;
const text = (value: unknown): string => (value === undefined || value === null ? "" : String(value));
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

export function fromJson(clause: Loose): Part {
  const [kind, body] = Object.entries(clause)[0] ?? ["all", []];
  if (kind === "not") {
    const inner = fromJson(body as Loose);
    if (!inner.negated) return { ...inner, negated: true };
    return { ...newPart("all"), negated: true, parts: [inner] };
  }
  const part = newPart(kind as Kind);
  if (kind === "all" || kind === "any") return { ...part, parts: (body as Loose[]).map(fromJson) };
  if (kind === "register") return { ...part, codelist: text(body) };
  if (kind === "sex") return { ...part, sex: text(body) };
  const of = body as Loose;
  const low = of.at_least !== undefined ? "at_least" : "above";
  const high = of.at_most !== undefined ? "at_most" : "below";
  return {
    ...part,
    codelist: text(of.codelist), from: text(of.from), to: text(of.to),
    window: kind === "age" ? "ever" : of.within_months !== undefined ? "months" : of.from !== undefined || of.to !== undefined ? "days" : "ever",
    months: of.within_months === undefined ? "12" : text(of.within_months),
    atLeast: kind === "event" ? text(of.at_least) : "",
    low: kind === "value" ? text(of[low]) : "", lowKind: low, high: kind === "value" ? text(of[high]) : "", highKind: high,
    places: texts(of.places), networks: texts(of.networks), practices: texts(of.practices),
  };
}

/** Where a part stands in the form, as the server's faults name it: "who.all[2].not.age". */
export const pathWithin = (at: string, part: Part): string => `${at}${part.negated ? ".not" : ""}.${part.kind}`;

export const slug = (title: string): string => title.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);

/** What a new cohort begins with: something that can be counted at once and changed. */
export function firstForm(): Part {
  const age = { ...newPart("age"), from: "18", to: "79" };
  const diabetes = { ...newPart("register"), codelist: "diabetes" };
  return { ...newPart("all"), parts: [diabetes, age] };
}

export interface Draft {
  title: string;
  alive: boolean;
  who: Part;
  cql: string;   // as last changed by hand
  byHand: boolean;
}

export const formOf = (draft: Draft, id: string): Record<string, unknown> =>
  ({ id, title: draft.title, ...(draft.alive && { of: "alive" }), who: toJson(draft.who) });
