// The pages of the section Data, for those who may open more than one.
import { addresses } from "./addresses";
import { Link } from "./link";
import { useSession } from "./session";

export function DataTabs({ now }: { now: "feeds" | "review" }) {
  const { session } = useSession();
  if (!session.may_review_linkage) return null;
  return (
    <nav className="ct-tabs" aria-label="Pages of data">
      <Link href={addresses.feeds} aria-current={now === "feeds" ? "page" : undefined}>Feeds</Link>
      <Link href={addresses.review} aria-current={now === "review" ? "page" : undefined}>Review</Link>
    </nav>
  );
}
