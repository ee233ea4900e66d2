import { StrictMode, useEffect, useState } from "react";
import { createRoot } from "react-dom/client";
import { onSignedOut, rememberCsrfToken, request, type ApiFault } from "./api/client";
import type { Session } from "./api/types";
import { applyContrast, contrastIsHigh, Footer, Header } from "./frame/header";
import { Page } from "./frame/page";
import { useRoute } from "./frame/route";
import { SessionContext } from "./frame/session";
import { Fault, Skeleton } from "./frame/states";
import { Link } from "./frame/link";
import { CohortPage, CohortsPage } from "./pages/cohorts";
import { FeedPage, FeedsPage } from "./pages/feeds";
import { InequalitiesPage } from "./pages/inequalities";
import { MeasurePage, MeasuresPage } from "./pages/measures";
import { PlaceProfilePage, PlacesPage } from "./pages/place-profile";
import { ScorecardPage } from "./pages/scorecard";
import { PopulationPage } from "./pages/population";
import { PrioritiesPage, ServicesPage } from "./pages/strategy";
import { ResidentPage } from "./pages/resident";
import { ResidentSearchPage } from "./pages/resident-search";
import { ReviewPage } from "./pages/review";
import { SignIn } from "./pages/sign-in";
import { StartPage } from "./pages/start";
import { WhoIsWhoPage } from "./pages/who-is-who";

function Pages() {
  const { path } = useRoute();
  const parts = path.split("/").filter(Boolean).map(decodeURIComponent);
  const [section, page, id] = parts;
  if (section === undefined) return <StartPage />;
  if (section === "population" && page === "cohorts") return id === undefined ? <CohortsPage /> : <CohortPage key={id} cohort={id} />;
  if (section === "population") return <PopulationPage />;
  if (section === "measures") return page === undefined ? <MeasuresPage /> : <MeasurePage measure={page} />;
  if (section === "inequalities" && page === undefined) return <InequalitiesPage />;
  if (section === "scorecard" && page === undefined) return <ScorecardPage />;
  if (section === "places") return page === undefined ? <PlacesPage /> : <PlaceProfilePage place={page} />;
  if (section === "data" && page === "feeds") return id === undefined ? <FeedsPage /> : <FeedPage feed={id} />;
  if (section === "data" && page === "review") return <ReviewPage item={id} />;
  if (section === "governance" && page === "who-is-who") return <WhoIsWhoPage />;
  if (section === "governance" && page === "priorities") return <PrioritiesPage />;
  if (section === "governance" && page === "services") return <ServicesPage />;
  if (section === "record") return page === undefined ? <ResidentSearchPage /> : <ResidentPage handle={page} />;
  return (
    <Page title="Page not found">
      <p className="nhsuk-body">There is no page at this address. <Link href="/">Go to Start</Link>.</p>
    </Page>
  );
}

function App() {
  const [session, setSession] = useState<Session>();
  const [fault, setFault] = useState<ApiFault>();
  const change = (next: Session) => {
    rememberCsrfToken(next.csrf_token ?? "");
    setSession(next);
  };
  const load = () => {
    setFault(undefined);
    request<Session>("GET", "/session").then(change).catch(setFault);
  };
  useEffect(() => {
    onSignedOut(load);
    load();
  }, []);
  if (fault !== undefined) return <div className="nhsuk-width-container"><Fault fault={fault} again={load} /></div>;
  if (session === undefined) return <div className="nhsuk-width-container"><Skeleton /></div>;
  return (
    <SessionContext.Provider value={{ session, change }}>
      <Header />
      {session.signed_in ? <Pages key={`${session.role} ${session.purpose}`} /> : <SignIn />}
      <Footer />
    </SessionContext.Provider>
  );
}

document.documentElement.classList.remove("no-js");
applyContrast(contrastIsHigh());
const root = document.getElementById("app");
if (root !== null) createRoot(root).render(<StrictMode><App /></StrictMode>);
