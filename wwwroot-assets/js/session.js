"use strict";

// Runs only on pages of a signed-in user. The page leaves when its session ends, and warns before the session expires.
{
  const session = document.currentScript.dataset.session;
  const eventsUrl = "/session/events";

  // All tabs of a session share one event stream, because browsers limit the connections to a host. One tab owns it.
  const tabs = new BroadcastChannel(`session ${session}`);
  let events, lockRequest, releaseLock, submittedAt = -Infinity;

  // Without a URL from the server, reload the page: the server then answers for the current state of the session.
  const leave = url => location.replace(url ?? location.pathname + location.search);
  const wait = time => new Promise(resolve => setTimeout(resolve, time));

  // Asks whether this browser has a session, or how it ended. The request does not count as activity.
  const checkSession = async () => {
    const abort = new AbortController();
    const response = await fetch(eventsUrl, { signal: abort.signal }).catch(() => null);
    const end = response?.status === 401 ? await response.json() : null;
    abort.abort();
    return { isLive: response?.ok, end };
  };

  const openStream = () => {
    const stream = events = new EventSource(eventsUrl);
    stream.addEventListener("revoked", event => publish({ revoked: JSON.parse(event.data) }));
    stream.addEventListener("expiring", event => publish({ expiring: JSON.parse(event.data) }));
    stream.addEventListener("error", async () => {
      // The browser reconnects after a lost connection. It closes the stream after a response that is no event stream.
      if (stream.readyState !== EventSource.CLOSED) return;
      const { end } = await checkSession();
      if (end) return publish({ revoked: end });
      await wait(3000);
      if (events === stream) openStream();
    });
  };

  const start = () => {
    if (!navigator.locks) return openStream();
    lockRequest = new AbortController();
    navigator.locks.request(`session ${session}`, { signal: lockRequest.signal }, () => new Promise(resolve => {
      releaseLock = resolve;
      openStream();
    })).catch(() => {});
  };

  const stop = () => {
    events?.close();
    events = undefined;
    lockRequest?.abort();
  };

  // The user continues under a new session after these reasons. Its cookie may still be on its way to another tab.
  const reasonsWithNewSession = ["replaced", "password-changed", "two-factor-changed", "account-changed"];

  const onRevoked = async ({ reason, url }) => {
    // All tabs receive this message, so the next owner of the lock need not open a stream.
    stop();
    // A form of this page may have ended the session. Its response is then the better page to show.
    const isSubmitting = Date.now() - submittedAt < 10_000;
    if (!isSubmitting && !reasonsWithNewSession.includes(reason)) return leave(url);
    await wait(isSubmitting ? 5000 : 1000);
    leave((await checkSession()).isLive ? null : url);
  };

  const banner = document.createElement("div");
  banner.className = "banner";
  banner.setAttribute("role", "status");
  document.querySelector("main").prepend(banner);

  const onExpiring = ({ at, canStay }) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "row-action";
    button.textContent = "Stay signed in";
    button.addEventListener("click", async () => {
      // If the session has expired meanwhile, the event stream reports it.
      if ((await fetch("/api/me").catch(() => null))?.ok) publish({ extended: true });
    });
    const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    banner.replaceChildren(`You will be signed out at ${time}. `, ...canStay ? [button] : []);
  };

  // A warning without a button stays, because activity cannot extend the session.
  const onExtended = () => {
    if (banner.querySelector("button")) banner.replaceChildren();
  };

  const handle = message => {
    if (message.revoked) onRevoked(message.revoked);
    if (message.expiring) onExpiring(message.expiring);
    if (message.extended) onExtended();
  };
  const publish = message => {
    tabs.postMessage(message);
    handle(message);
  };

  tabs.addEventListener("message", event => handle(event.data));
  addEventListener("submit", () => { submittedAt = Date.now(); });

  // A page in the back/forward cache stays hidden until its session is checked.
  addEventListener("pagehide", () => {
    stop();
    releaseLock?.();
    document.documentElement.hidden = true;
  });
  addEventListener("pageshow", async event => {
    if (!event.persisted) return;
    if (!(await checkSession()).isLive) return location.reload();
    document.documentElement.hidden = false;
    start();
  });

  // The request for this page extended the session.
  tabs.postMessage({ extended: true });
  start();
}
