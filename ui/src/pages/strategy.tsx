import type { ServiceList, Strategy } from "../api/types";
import { useData } from "../api/use-data";
import { addresses } from "../frame/addresses";
import { Link } from "../frame/link";
import { Page, Section } from "../frame/page";
import { Loaded } from "../frame/states";
import { GovernanceTabs } from "./who-is-who";

const crumbs = [{ title: "Start", href: "/" }, { title: "Who is who", href: addresses.whoIsWho }];

function Items({ items }: { items: Strategy["priorities"] }) {
  return (
    <ul className="ct-cards">
      {items.map((item) => (
        <li className="ct-card" key={item.id}>
          <h3 className="nhsuk-heading-s">{item.name}</h3>
          <p>{item.summary}</p>
          {item.owner !== null && <p className="nhsuk-body-s">Held by {item.owner}</p>}
          <ul className="nhsuk-list nhsuk-list--bullet">
            {item.focus_areas.map((area) => (
              <li key={area.id}>
                <strong>{area.name}</strong>{area.summary !== "" && <>: {area.summary}</>}
                {area.measures.map((measure) => <span key={measure.id}> · <Link href={addresses.measure(measure.id)}>{measure.name}</Link></span>)}
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ul>
  );
}

export function PrioritiesPage() {
  const strategy = useData<Strategy>("/strategy");
  return (
    <Page title={strategy.data?.title ?? "Priorities"} lead={strategy.data?.sentence} crumbs={crumbs} wide>
      <GovernanceTabs at="priorities" />
      <Loaded from={strategy} doing="Reading the strategy">
        {(data) => (
          <>
            <Section title="Priorities"><Items items={data.priorities} /></Section>
            <Section title="Enablers"><Items items={data.enablers} /></Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

export function ServicesPage() {
  const services = useData<ServiceList>("/services");
  return (
    <Page title="Services" lead={services.data?.sentence} crumbs={crumbs} wide>
      <GovernanceTabs at="services" />
      <Loaded from={services} doing="Reading the services">
        {(data) => (
          <ul className="ct-cards">
            {data.services.map((service) => (
              <li className="ct-card" key={service.id}>
                <h2 className="nhsuk-heading-s">{service.name}</h2>
                <p>{service.what_it_is}</p>
                <p className="nhsuk-body-s">
                  {service.commissioner_name !== null && <>Paid for by {service.commissioner !== null ? <Link href={addresses.body(service.commissioner)}>{service.commissioner_name}</Link> : service.commissioner_name}. </>}
                  {service.providers.length > 0 && <>Provided by {service.providers.map((provider) => provider.name || provider.kind).join(", ")}.</>}
                </p>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}
