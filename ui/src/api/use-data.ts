// Loads one address and says which of four states it is in. A load that takes over 300 ms is `slow`
// (the page shows its skeleton), over 2 s `verySlow` (it says what is being done).
import { useEffect, useState } from "react";
import { request, type ApiFault } from "./client";

export interface Loading<T> {
  data: T | undefined;
  fault: ApiFault | undefined;
  slow: boolean;
  verySlow: boolean;
  again: () => void;
}

export function useData<T>(path: string | undefined, body?: unknown): Loading<T> {
  const [turn, setTurn] = useState(0);
  const [state, setState] = useState<{ key: string; data?: T; fault?: ApiFault }>({ key: "" });
  const [waited, setWaited] = useState(0);
  const sent = body === undefined ? "" : JSON.stringify(body);
  const key = `${path ?? ""} ${sent} ${turn}`;
  useEffect(() => {
    if (path === undefined) return;
    const stop = new AbortController();
    setWaited(0);
    const first = setTimeout(() => setWaited(1), 300);
    const second = setTimeout(() => setWaited(2), 2000);
    request<T>(sent === "" ? "GET" : "POST", path, sent === "" ? undefined : JSON.parse(sent), stop.signal)
      .then((data) => setState({ key, data }))
      .catch((fault) => {
        if (!stop.signal.aborted) setState({ key, fault: fault as ApiFault });
      })
      .finally(() => {
        clearTimeout(first);
        clearTimeout(second);
      });
    return () => {
      stop.abort();
      clearTimeout(first);
      clearTimeout(second);
    };
  }, [key]);
  const current = state.key === key ? state : undefined;
  return {
    data: current?.data,
    fault: current?.fault,
    slow: current === undefined && waited > 0,
    verySlow: current === undefined && waited > 1,
    again: () => setTurn((n) => n + 1),
  };
}
