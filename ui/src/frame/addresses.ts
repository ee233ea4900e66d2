// Where each kind of page lives.
import type { PageLink } from "../api/types";

const id = encodeURIComponent;

export const addresses = {
  start: "/",
  feeds: "/data/feeds",
  feed: (feed: string) => `/data/feeds/${id(feed)}`,
  population: (place?: string | null) => (place ? `/population?place=${id(place)}` : "/population"),
  cohorts: "/population/cohorts",
  cohort: (cohort: string) => `/population/cohorts/${id(cohort)}`,
  measures: "/measures",
  inequalities: "/inequalities",
  scorecard: "/scorecard",
  places: "/places",
  placeProfile: (place: string) => `/places/${id(place)}`,
  measure: (measure: string) => `/measures/${id(measure)}`,
  whoIsWho: "/governance/who-is-who",
  body: (body: string) => `/governance/who-is-who?body=${id(body)}`,
  priorities: "/governance/priorities",
  services: "/governance/services",
  review: "/data/review",
  reviewPair: (item: number) => `/data/review/${item}`,
  residents: "/record",
  resident: (handle: string) => `/record/${id(handle)}`,
};

export function addressOf(link: PageLink): string {
  switch (link.page) {
    case "feeds": return addresses.feeds;
    case "feed": return link.id ? addresses.feed(link.id) : addresses.feeds;
    case "population": return addresses.population(link.id);
    case "measure": return link.id ? addresses.measure(link.id) : addresses.measures;
    case "who-is-who": return addresses.whoIsWho;
    case "body": return link.id ? addresses.body(link.id) : addresses.whoIsWho;
    case "priority": return addresses.priorities;
    case "service": return addresses.services;
    case "resident-search": return addresses.residents;
    case "review": return addresses.review;
    default: return addresses.start;
  }
}
