/* <favourite-form>: hearts are filled for whoever looks; the page itself is the same for everybody. */
import { announce, define } from "./page.js";

define("favourite-form", class extends HTMLElement {
  connectedCallback() {
    this.kept = new Set();
    this.addEventListener("submit", (event) => this.send(event));
    this.watcher = new MutationObserver(() => this.show());
    this.watcher.observe(document.getElementById("main") ?? document.body, { childList: true, subtree: true });
    if (this.hearts().length) this.ask(this.getAttribute("src"));
  }

  disconnectedCallback() { this.watcher?.disconnect(); }

  hearts() { return document.querySelectorAll("button[form=favourite]"); }

  show() {
    for (const heart of this.hearts()) {
      const pressed = String(this.kept.has(Number(heart.value)));
      if (heart.getAttribute("aria-pressed") !== pressed) heart.setAttribute("aria-pressed", pressed);
    }
  }

  async ask(url, options = {}) {
    const response = await fetch(url, { credentials: "same-origin", headers: { "HX-Request": "true" }, ...options });
    if (!response.ok) return false;
    this.kept = new Set((await response.json()).ids);
    this.show();
    return true;
  }

  async send(event) {
    const heart = event.submitter;
    if (!heart) return;
    event.preventDefault();
    const body = new FormData(event.target, heart);
    body.set("keep", heart.getAttribute("aria-pressed") === "true" ? "0" : "1");
    if (await this.ask(event.target.action, { method: "POST", body })) announce(heart.textContent);
    else location.assign(event.target.action.replace(/mark\/$/, ""));
  }
});
