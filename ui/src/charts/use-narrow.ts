// Whether the window is as narrow as a phone's: charts are then drawn for its width instead of shrunk to it,
// so that their words stay readable.
import { useSyncExternalStore } from "react";

const narrow = "(max-width: 599px)";

function listen(changed: () => void): () => void {
  const query = window.matchMedia(narrow);
  query.addEventListener("change", changed);
  return () => query.removeEventListener("change", changed);
}

export function useNarrow(): boolean {
  return useSyncExternalStore(listen, () => window.matchMedia(narrow).matches);
}

/** The width to draw at, in CSS pixels at the narrowest window the drawing is meant for. */
export const narrowWidth = 330;
