// Figures that are as they were published before, because beside that what is counted now would give a small count away.
// Each has a mark; the page says once, at its head, what the mark means.

export const heldBackWords = "as published before";

/** A dagger beside the figure, with words where there is room for them. */
export function HeldBack({ why, tight = false, words = heldBackWords }: { why: string | null; tight?: boolean; words?: string }) {
  if (why === null) return null;
  return tight
    ? <span className="ct-heldback" title={why}><span aria-hidden="true">†</span><span className="nhsuk-u-visually-hidden"> ({heldBackWords})</span></span>
    : <span className="ct-figure__note ct-heldback" title={why}>† {words}</span>;
}

/** `held`: of each measure on the page, why it is held back, or null. */
export function HeldBackNote({ held }: { held: (string | null)[] }) {
  const marked = held.filter((why) => why !== null).length;
  if (marked === 0) return null;
  return (
    <p className="nhsuk-body ct-note">
      <strong>† {heldBackWords}:</strong> the figures of {marked} of {held.length} measures are those of the last publication. Beside them, what has been counted since would give away a count of a few people. They are tried again with the next snapshot.
    </p>
  );
}

/** Counts of people stand or fall together: `why` is what one of them says. */
export function CountsHeldBackNote({ why }: { why: string | null }) {
  if (why === null) return null;
  return <p className="nhsuk-body ct-note"><strong>† {heldBackWords}:</strong> {why} They are tried again with the next snapshot.</p>;
}
