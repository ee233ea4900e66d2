// Who is signed in, shared with every page.
import { createContext, useContext } from "react";
import type { Session } from "../api/types";

export interface SessionState {
  session: Session;
  change: (session: Session) => void;
}

export const SessionContext = createContext<SessionState | null>(null);

export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (state === null) throw new Error("a page was drawn outside the session");
  return state;
}
