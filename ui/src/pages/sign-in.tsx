import { useRef, useState, type FormEvent } from "react";
import { request, type ApiFault } from "../api/client";
import type { Session } from "../api/types";
import { Page } from "../frame/page";
import { useSession } from "../frame/session";

export function SignIn() {
  const { session, change } = useSession();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<ApiFault>();
  const [busy, setBusy] = useState(false);
  const summary = useRef<HTMLDivElement>(null);
  const signIn = (who: string, secret: string) => {
    setBusy(true);
    setFault(undefined);
    request<Session>("POST", "/session", { name: who, password: secret })
      .then(change)
      .catch((problem: ApiFault) => {
        setFault(problem.status === 401 ? { ...problem, message: "That name and password do not match an account.", fix: "Check both and try again." } : problem);
        setBusy(false);
        setTimeout(() => summary.current?.focus(), 0);
      });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "" || password === "") {
      setFault({ status: 400, message: "Enter your name and your password.", fix: "Both are needed to sign in." });
      return;
    }
    signIn(name.trim(), password);
  };
  const demonstrations = session.demonstration_sign_ins;
  return (
    <Page title="Sign in" lead={session.system.title}>
      {fault !== undefined && (
        <div className="nhsuk-error-summary" role="alert" tabIndex={-1} ref={summary}>
          <h2 className="nhsuk-error-summary__title">{fault.message}</h2>
          <p>{fault.fix}</p>
        </div>
      )}
      {demonstrations.length > 0 && (
        <section className="ct-section" aria-labelledby="demonstration">
          <h2 className="nhsuk-heading-m" id="demonstration">Look around as</h2>
          <p className="nhsuk-body">This is a demonstration on synthetic data. Choose who to be; each sees what that role may see.</p>
          <ul className="ct-cards">
            {demonstrations.map((one) => (
              <li key={one.name} className="ct-card">
                <button type="button" className="nhsuk-button ct-card__button" disabled={busy} onClick={() => signIn(one.name, one.password)}>{one.role_title}</button>
                <p>{one.description}</p>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="ct-section" aria-labelledby="with-account">
        <h2 className="nhsuk-heading-m" id="with-account">{demonstrations.length > 0 ? "Or sign in with an account" : "Your account"}</h2>
        <form onSubmit={submit} noValidate>
          <div className="nhsuk-form-group">
            <label className="nhsuk-label" htmlFor="name">Name</label>
            <input className="nhsuk-input nhsuk-input--width-20" id="name" name="username" autoComplete="username" spellCheck={false} value={name} onChange={(event) => setName(event.target.value)} />
          </div>
          <div className="nhsuk-form-group">
            <label className="nhsuk-label" htmlFor="password">Password</label>
            <input className="nhsuk-input nhsuk-input--width-20" id="password" type="password" autoComplete="current-password" value={password} onChange={(event) => setPassword(event.target.value)} />
          </div>
          <button className="nhsuk-button" type="submit" disabled={busy}>{busy ? "Signing in" : "Sign in"}</button>
        </form>
      </section>
    </Page>
  );
}
