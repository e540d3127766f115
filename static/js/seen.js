/* <seen-products> <compare-link>: what was looked at and compared in this window. The browser alone remembers. */
import { define, fetchPart, replaceContents } from "./page.js";

const MOST_SEEN = 12;
const MOST_COMPARED = 4;

function kept(name) {
  try {
    const found = JSON.parse(sessionStorage.getItem(name) ?? "[]");
    return Array.isArray(found) ? found.filter(Number.isInteger) : [];
  } catch { return []; }
}

function keep(name, ids) {
  try { sessionStorage.setItem(name, JSON.stringify(ids)); } catch { /* a browser that keeps nothing */ }
}

const query = (ids) => ids.map((id) => `p=${id}`).join("&");

define("seen-products", class extends HTMLElement {
  async connectedCallback() {
    const own = Number(this.dataset.product ?? 0);
    const others = kept("seen").filter((id) => id !== own);
    if (own) keep("seen", [own, ...others].slice(0, MOST_SEEN));
    if (!others.length) return;
    const { html, ok } = await fetchPart(`${this.getAttribute("src")}?${query(others)}`);
    if (ok) replaceContents(this, html.body);
  }
});

define("compare-link", class extends HTMLElement {
  connectedCallback() {
    const link = this.querySelector("a");
    const own = Number(this.dataset.product);
    const ids = () => [...kept("compared").filter((id) => id !== own).slice(1 - MOST_COMPARED), own];
    const url = link.getAttribute("href").split("?")[0];
    link.href = `${url}?${query(ids())}`;
    link.addEventListener("click", () => keep("compared", ids()));
  }
});

const compared = document.querySelector("table.compare");
if (compared) keep("compared", new URLSearchParams(location.search).getAll("p").map(Number).filter(Number.isInteger));
