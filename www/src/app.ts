import { byId } from "./dom.js";
import { failure } from "./session/operations.js";
import { PoolSession } from "./session/session.js";
import { EventsView } from "./views/events.js";
import { JournalView } from "./views/journal.js";
import { MembersView } from "./views/members.js";
import { OutcomeView } from "./views/outcome.js";
import { SendForm } from "./views/send-form.js";
import { WakesView } from "./views/wakes.js";

/** The state that the browser's history has of a page that was started over. */
const STARTED_OVER = "started over";

/** Opens the pool. From then on shows the session's model, and passes the user's actions to the session. */
export async function startApp(): Promise<void> {
  offerRestart();
  const state = byId("state", HTMLElement);
  try {
    let show = (): void => undefined;
    const session = await PoolSession.open(onceAFrame(() => show()));
    show = views(session);
    show();
    enable();
    state.textContent = `${session.poolId} is open`;
    state.classList.add("good");
  } catch (error) {
    const { code, message, cause } = failure(error);
    state.textContent = [code, message, cause].filter((text) => text !== undefined).join(": ");
    state.classList.add("bad");
  }
}

/** Everything is in this page's memory, so loading the page again makes a new pool. The button keeps the focus. */
function offerRestart(): void {
  const restart = byId("restart", HTMLButtonElement);
  restart.addEventListener("click", () => {
    history.replaceState(STARTED_OVER, "");
    location.reload();
  });
  restart.disabled = false;
  if (history.state === STARTED_OVER) restart.focus({ preventScroll: true });
  history.replaceState(null, "");
}

/** Makes the views of a session. Returns a function that renders them. */
function views(session: PoolSession): () => void {
  const send = new SendForm(session.poolId, session);
  const outcome = new OutcomeView();
  const members = new MembersView(session);
  const wakes = new WakesView(session);
  const journal = new JournalView({ refuse: (refuses) => session.refuseRecords(refuses) });
  const events = new EventsView({
    subscribe: (choice) => session.subscribe(choice),
    refuse: (refuses) => session.refuseFrames(refuses),
  });
  return () => {
    const model = session.model;
    send.render(model.members, model.sent);
    outcome.render(model.outcome);
    members.render(model.members);
    wakes.render(model.wakes, model.members);
    journal.render(model.journal);
    events.render(model.events);
  };
}

/** Returns a function that requests a call of `callback` before the next frame. Several requests lead to one call. */
function onceAFrame(callback: () => void): () => void {
  let isDue = false;
  return () => {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      callback();
    });
  };
}

/** Enables the fields, which are of no use before there is a pool. */
function enable(): void {
  for (const fields of document.querySelectorAll("fieldset")) fields.disabled = false;
  for (const id of ["journal-refuses", "bus-refuses"]) byId(id, HTMLInputElement).disabled = false;
  byId("event-choice", HTMLSelectElement).disabled = false;
}
