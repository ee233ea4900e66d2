// How numbers, dates and shares are said: commas, one decimal for percentages, dates in full.
const whole = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

export const count = (n: number): string => whole.format(n);
export const decimal = (n: number): string => oneDecimal.format(n);
export const percent = (share: number): string => `${oneDecimal.format(share * 100)}%`;

const months = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** "14 March 2026" from an ISO date or date-time; the text itself when it is not one. */
export function longDate(iso: string | null | undefined): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? "");
  if (found === null) return iso ?? "not known";
  return `${Number(found[3])} ${months[Number(found[2]) - 1] ?? ""} ${found[1]}`;
}

export function shortDate(iso: string | null | undefined): string {
  const found = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? "");
  if (found === null) return iso ?? "";
  return `${Number(found[3])} ${(months[Number(found[2]) - 1] ?? "").slice(0, 3)} ${found[1]}`;
}

/** 24-hour time of an ISO date-time. */
export function time(iso: string | null | undefined): string {
  const found = /T(\d{2}:\d{2})/.exec(iso ?? "");
  return found?.[1] ?? "";
}

/** Ten digits as 3-3-4. */
export const nhsNumber = (digits: string): string => digits.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3");

/** A group's id as a word to read: "central-bedfordshire" as "Central Bedfordshire"; anything else as it is. */
export const groupName = (group: string): string =>
  /^[a-z]+(-[a-z]+)*$/.test(group) ? group.split("-").map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(" ") : group;
