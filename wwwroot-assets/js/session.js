"use strict";

// Only on pages of people who are signed in: the page leaves by itself when its session ends, and warns before it expires.
{
  const session = document.currentScript.dataset.session;
  const address = "/session/events";

  // All tabs of a session share one stream, held by one of them: browsers allow few connections to one place.
  const tabs = new BroadcastChannel(`session ${session}`);
  let events, waiting, release, sent = -Infinity;

  // Where the server names no place to go, it answers for the page itself.
  const leave = url => location.replace(url ?? location.pathname + location.search);
  const wait = time => new Promise(done => setTimeout(done, time));

  // Whether this browser has a session, or how it ended; asking is not using it.
  const ask = async () => {
    const enough = new AbortController();
    const answer = await fetch(address, { signal: enough.signal }).catch(() => null);
    const ending = answer?.status === 401 ? await answer.json() : null;
    enough.abort();
    return { live: answer?.ok, ending };
  };

  const open = () => {
    const stream = events = new EventSource(address);
    stream.addEventListener("revoked", event => tell({ revoked: JSON.parse(event.data) }));
    stream.addEventListener("expiring", event => tell({ expiring: JSON.parse(event.data) }));
    stream.addEventListener("error", async () => {
      // A connection that was lost the browser makes again by itself; after an answer that is no stream it does not.
      if (stream.readyState !== EventSource.CLOSED) return;
      const { ending } = await ask();
      if (ending) return tell({ revoked: ending });
      await wait(3000);
      if (events === stream) open();
    });
  };

  const start = () => {
    if (!navigator.locks) return open();
    waiting = new AbortController();
    navigator.locks.request(`session ${session}`, { signal: waiting.signal }, () => new Promise(done => {
      release = done;
      open();
    })).catch(() => {});
  };

  const quiet = () => {
    events?.close();
    events = undefined;
    waiting?.abort();
  };

  const revoked = async ({ reason, url }) => {
    // The next tab need not begin to listen: it is told as well.
    quiet();
    // A form of this page may be what ended the session: its answer is the better one. Signing in again and a change of the own account give this browser
    // another session in the same answer, which may still be on its way to another tab.
    const own = Date.now() - sent < 10_000;
    if (!own && !["replaced", "password-changed", "two-factor-changed", "account-changed"].includes(reason)) return leave(url);
    await wait(own ? 5000 : 1000);
    leave((await ask()).live ? null : url);
  };

  const banner = document.createElement("div");
  banner.className = "banner";
  banner.setAttribute("role", "status");
  document.querySelector("main").prepend(banner);

  const expiring = ({ at, canStay }) => {
    const stay = document.createElement("button");
    stay.type = "button";
    stay.className = "row-action";
    stay.textContent = "Stay signed in";
    stay.addEventListener("click", async () => {
      // If it is too late, the stream says so.
      if ((await fetch("/api/me").catch(() => null))?.ok) tell({ used: true });
    });
    const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    banner.replaceChildren(`You will be signed out at ${time}. `, ...canStay ? [stay] : []);
  };

  // What cannot be put off stays.
  const used = () => {
    if (banner.querySelector("button")) banner.replaceChildren();
  };

  const told = news => {
    if (news.revoked) revoked(news.revoked);
    if (news.expiring) expiring(news.expiring);
    if (news.used) used();
  };
  const tell = news => {
    tabs.postMessage(news);
    told(news);
  };

  tabs.addEventListener("message", event => told(event.data));
  addEventListener("submit", () => { sent = Date.now(); });

  // A page that the browser keeps for Back and Forward shows nothing until its session was asked for again.
  addEventListener("pagehide", () => {
    quiet();
    release?.();
    document.documentElement.hidden = true;
  });
  addEventListener("pageshow", async event => {
    if (!event.persisted) return;
    if (!(await ask()).live) return location.reload();
    document.documentElement.hidden = false;
    start();
  });

  // This page was asked for, so the session was used.
  tabs.postMessage({ used: true });
  start();
}
