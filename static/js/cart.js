/* <cart-badge> <cart-form> <cart-region> <quantity-stepper>: adding opens a sheet, changing a line stays on the page. */
import { announce, define, fetchPart, partOf, replaceContents, sendForm } from "./page.js";

const CHANGED = "cart:changed";
const WAIT = 500;

define("cart-badge", class extends HTMLElement {
  connectedCallback() {
    this.refresh = () => this.load();
    document.addEventListener(CHANGED, this.refresh);
    this.load();
  }

  disconnectedCallback() { document.removeEventListener(CHANGED, this.refresh); }

  async load() {
    const { html, ok } = await fetchPart(this.getAttribute("src"));
    if (ok && html.querySelector("a")) replaceContents(this, html.body);
  }
});

define("cart-form", class extends HTMLElement {
  connectedCallback() { this.addEventListener("submit", (event) => this.send(event)); }

  async send(event) {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    try {
      const answer = await sendForm(event.target, event.submitter);
      const inside = answer.html.querySelector(".in");
      if (inside) openDrawer(inside, event.submitter);
      else location.assign(answer.redirected ? answer.url : event.target.action);
      document.dispatchEvent(new CustomEvent(CHANGED));
    } catch {
      submitPlainly(event.target, event.submitter);
    } finally {
      this.busy = false;
    }
  }
});

/** As without this file: the pressed button's value goes along. */
function submitPlainly(form, button) {
  if (button?.name) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: button.name, value: button.value }));
  form.submit();
}

/** Opens the sheet over the page; focus goes in, and back to `opener` on close. */
function openDrawer(inside, opener) {
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  dialog.setAttribute("aria-labelledby", "drawer-title");
  dialog.append(inside);
  document.body.append(dialog);
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("[data-close]")) dialog.close();
  });
  dialog.addEventListener("close", () => { dialog.remove(); opener?.focus(); });
  dialog.showModal();
  dialog.querySelector("#drawer-title")?.focus();
}

define("cart-region", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => { if (event.target.matches("[data-cart]")) this.send(event); });
    this.addEventListener("change", (event) => {
      const form = event.target.closest("form[data-cart]");
      if (form && event.target.name === "quantity") this.later(form);
    });
  }

  later(form) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => form.requestSubmit(), WAIT);
  }

  async send(event) {
    event.preventDefault();
    this.firstElementChild?.classList.add("busy");
    try {
      const { html } = await sendForm(event.target, event.submitter);
      if (!html.querySelector("cart-region")) return location.reload();
      replaceContents(this, partOf(html, "cart-region"));
      announce(this.querySelector("[role=status]")?.textContent.trim() || this.querySelector(".total")?.textContent || this.querySelector("h1")?.textContent);
      document.dispatchEvent(new CustomEvent(CHANGED));
    } catch {
      event.target.submit();
    }
  }
});

define("quantity-stepper", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-step]");
      if (button) this.step(Number(button.dataset.step));
    });
  }

  step(by) {
    const input = this.querySelector("input");
    const most = Number(input.dataset.max) || 99;
    const next = Math.min(most, Math.max(1, (parseInt(input.value, 10) || 1) + by));
    if (String(next) === input.value) return;
    input.value = next;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
