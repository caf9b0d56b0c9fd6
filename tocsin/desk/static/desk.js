// Everything works without this.
// Now: when an alert comes, or else every fifteen seconds, the list is fetched anew.
const list = document.querySelector("[data-live]");
if (list) {
  const renew = async () => {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.querySelector("[data-live]");
    if (fresh && !list.contains(document.activeElement)) list.replaceChildren(...fresh.childNodes);
  };
  new EventSource("/api/alerts").addEventListener("alert", renew);
  setInterval(renew, 15000);
}
// A query: what is wrong with it is said while it is typed, with a caret at the place.
const query = document.querySelector("[data-query]");
if (query) {
  const verdict = document.getElementById("verdict");
  const line = (tag, text, kind) => Object.assign(document.createElement(tag), { textContent: text, className: kind });
  let turn = 0;
  query.addEventListener("input", () => {
    const mine = ++turn;
    setTimeout(async () => {
      if (mine !== turn) return;
      const text = query.value.trim();
      const answer = text ? await (await fetch("/api/query?query=" + encodeURIComponent(text))).json() : { slips: [] };
      if (mine !== turn) return;
      verdict.replaceChildren(...answer.slips.flatMap((slip) => [
        line("p", slip.problem + (slip.fix ? "; " + slip.fix : ""), "ill"), line("pre", slip.shown, ""),
      ]), ...(answer.full ? [line("p", "Read as " + answer.full, "facts")] : []));
    }, 250);
  });
}
