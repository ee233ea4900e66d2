// Starts a count over everyone and follows it until it ends.
import { useEffect, useRef, useState } from "react";
import { request, type ApiFault } from "../api/client";
import type { CohortCount } from "../api/types";

export interface Counting {
  count: CohortCount | undefined;
  fault: ApiFault | undefined;
  start: (body: unknown) => void;
  giveUp: () => void;
}

export function useCount(): Counting {
  const [count, setCount] = useState<CohortCount>();
  const [fault, setFault] = useState<ApiFault>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const follow = (state: CohortCount) => {
    setCount(state);
    if (state.state === "running") timer.current = setTimeout(() => request<CohortCount>("GET", "/cohorts/count").then(follow).catch(setFault), 400);
  };
  const start = (body: unknown) => {
    clearTimeout(timer.current);
    setFault(undefined);
    setCount({ state: "running", of: null, step: null, done: 0, total: 0, seconds: 0, fault: null, fix: null, counts: null });
    request<CohortCount>("POST", "/cohorts/count", body).then(follow).catch((failed: ApiFault) => {
      setCount(undefined);
      setFault(failed);
    });
  };
  const giveUp = () => void request<CohortCount>("DELETE", "/cohorts/count").catch(setFault);
  return { count, fault, start, giveUp };
}
