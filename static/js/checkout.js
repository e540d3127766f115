/* <error-summary> <billing-choice> <order-status>, and what is said after htmx replaced a part of the checkout. */
import { announce, define, fetchPart, replaceContents } from "./page.js";

const WAIT = 3000;
const MOST = 100;

define("error-summary", class extends HTMLElement {
  connectedCallback() {
    this.querySelector(".errors")?.focus();
    this.addEventListener("click", (event) => {
      const field = document.querySelector(event.target.closest("a")?.getAttribute("href") ?? "never");
      if (!field) return;
      event.preventDefault();
      const control = field.matches("input, select, textarea") ? field : field.querySelector("input, select, textarea");
      (control ?? field).focus();
    });
  }
});

define("billing-choice", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      if (event.target.name === "billing_same") this.querySelector("[data-billing]").hidden = event.target.checked;
    });
  }
});

define("order-status", class extends HTMLElement {
  connectedCallback() {
    this.left = MOST;
    if (!this.hasAttribute("data-settled")) this.timer = setTimeout(() => this.look(), WAIT);
  }

  disconnectedCallback() { clearTimeout(this.timer); }

  async look() {
    this.left -= 1;
    const before = this.querySelector("[data-key]")?.dataset.key;
    const answer = await fetchPart(this.getAttribute("src")).catch(() => null);
    const shown = answer?.ok ? answer.html.querySelector("[data-key]") : null;
    const isSettled = shown?.hasAttribute("data-settled");
    if (isSettled && this.dataset.then) return location.assign(this.dataset.then);
    if (shown && shown.dataset.key !== before) replaceContents(this, answer.html.body);
    if (isSettled) return location.reload();
    if (this.left > 0) this.timer = setTimeout(() => this.look(), WAIT);
  }
});

document.addEventListener("htmx:afterSettle", () => {
  announce(document.querySelector("#order-folded summary")?.textContent);
});
