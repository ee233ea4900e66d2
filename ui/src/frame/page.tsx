import { useEffect, type ReactNode } from "react";
import { Link } from "./link";

export interface Crumb {
  title: string;
  href: string;
}

/** Title, the one plain sentence under it, breadcrumb, and the column the content stands in. */
export function Page({ title, lead, crumbs = [], wide = false, children }: {
  title: string;
  lead?: string | undefined;
  crumbs?: Crumb[];
  wide?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} - Catchment`;
  }, [title]);
  return (
    <div className="nhsuk-width-container">
      {crumbs.length > 0 && (
        <nav className="nhsuk-breadcrumb" aria-label="Breadcrumb">
          <ol className="nhsuk-breadcrumb__list">
            {crumbs.map((crumb) => (
              <li className="nhsuk-breadcrumb__list-item" key={crumb.href}>
                <Link className="nhsuk-breadcrumb__link" href={crumb.href}>{crumb.title}</Link>
              </li>
            ))}
          </ol>
        </nav>
      )}
      <main className="nhsuk-main-wrapper ct-main" id="maincontent" tabIndex={-1}>
        <h1 className="nhsuk-heading-l ct-title">{title}</h1>
        {lead !== undefined && <p className="nhsuk-body-l ct-lead">{lead}</p>}
        <div className={wide ? "ct-wide" : "ct-reading"}>{children}</div>
      </main>
    </div>
  );
}

/** A section with its own heading, addressable. */
export function Section({ title, id, note, children }: { title: string; id?: string; note?: string | undefined; children: ReactNode }) {
  const anchor = id ?? title.toLowerCase().replace(/[^a-z0-9]+/g, "-");
  return (
    <section className="ct-section" aria-labelledby={anchor}>
      <h2 className="nhsuk-heading-m" id={anchor}>{title}</h2>
      {note !== undefined && <p className="nhsuk-body ct-note">{note}</p>}
      {children}
    </section>
  );
}
