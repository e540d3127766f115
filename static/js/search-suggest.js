/* <search-suggest src>: rows under the search field. Arrows move, Enter opens, Escape closes and keeps the text. */
import { announce, define, fetchPart } from "./page.js";

const WAIT = 160;
const LEAST = 2;

define("search-suggest", class extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=search]");
    this.list = this.querySelector(".pop");
    if (!this.input || !this.list || this.ready) return;
    this.ready = true;
    const states = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(states)) this.input.setAttribute(name, value);
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.press(event));
    this.addEventListener("focusout", (event) => { if (!this.contains(event.relatedTarget)) this.close(); });
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
  }

  get rows() { return [...this.list.querySelectorAll("[role=option]")]; }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const text = this.input.value.trim();
    this.asked?.abort();
    if (text.length < LEAST) return this.close();
    this.asked = new AbortController();
    const most = matchMedia("(max-width: 47.99em)").matches ? 8 : 10;
    const url = `${this.getAttribute("src")}?q=${encodeURIComponent(text)}&most=${most}`;
    try {
      const { html, ok } = await fetchPart(url, { signal: this.asked.signal });
      if (ok) this.show(html);
    } catch (trouble) {
      if (trouble.name !== "AbortError") this.close();
    }
  }

  show(html) {
    this.list.replaceChildren(...html.body.childNodes);
    const rows = this.rows;
    rows.forEach((row, place) => { row.id = `${this.list.id}-${place}`; });
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.open(rows.length > 0);
    announce(rows.length ? this.list.querySelector("[data-said]")?.textContent : this.dataset.none);
  }

  open(isOpen) {
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    this.open(false);
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
  }

  press(event) {
    if (event.key === "Escape" && !this.list.hidden) { event.preventDefault(); this.close(); }
    if (this.list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") { event.preventDefault(); this.move(event.key === "ArrowDown" ? 1 : -1); }
    if (event.key === "Enter" && this.chosen >= 0) { event.preventDefault(); this.rows[this.chosen].click(); }
  }

  move(step) {
    const rows = this.rows;
    this.chosen = (this.chosen + step + rows.length + (this.chosen < 0 && step < 0 ? 1 : 0)) % rows.length;
    rows.forEach((row, place) => row.setAttribute("aria-selected", String(place === this.chosen)));
    this.input.setAttribute("aria-activedescendant", rows[this.chosen].id);
    rows[this.chosen].scrollIntoView({ block: "nearest" });
  }
});
