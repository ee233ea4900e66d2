// What a page shows before, instead of and after its data.
import type { ReactNode } from "react";
import type { ApiFault } from "../api/client";
import type { Loading } from "../api/use-data";

export function Skeleton({ doing }: { doing?: string | undefined }) {
  return (
    <div className="ct-skeleton" role="status" aria-live="polite">
      <span className="nhsuk-u-visually-hidden">Loading</span>
      <div /> <div /> <div />
      {doing !== undefined && <p className="nhsuk-body">{doing}</p>}
    </div>
  );
}

export function Fault({ fault, again }: { fault: ApiFault; again?: () => void }) {
  return (
    <div className="nhsuk-warning-callout" role="alert">
      <h2 className="nhsuk-warning-callout__label">{fault.message}</h2>
      <p>{fault.fix}</p>
      {again !== undefined && fault.status !== 403 && (
        <button className="nhsuk-button nhsuk-button--secondary" type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="ct-empty">
      <h2 className="nhsuk-heading-s">{title}</h2>
      <div>{children}</div>
    </div>
  );
}

/** The usual three: skeleton while slow, fault when failed, the page when there. */
export function Loaded<T>({ from, doing, children }: { from: Loading<T>; doing: string; children: (data: T) => ReactNode }) {
  if (from.fault !== undefined) return <Fault fault={from.fault} again={from.again} />;
  if (from.data === undefined) return from.slow ? <Skeleton doing={from.verySlow ? doing : undefined} /> : null;
  return <>{children(from.data)}</>;
}
