// Now: when an alert comes, or else every fifteen seconds, the list is fetched anew. Everything works without this.
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
