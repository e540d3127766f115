/* <product-options> <product-gallery> <buy-bar>: choosing keeps the page, the focus and one step back. */
import { announce, define, fetchPart, partOf, replaceContents } from "./page.js";
import { openZoom } from "./product-zoom.js";

define("product-options", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", (event) => {
      const form = event.target.closest("form[data-options]");
      if (form) this.choose(form);
    });
  }

  async choose(form) {
    this.asked?.abort();
    this.asked = new AbortController();
    const query = new URLSearchParams(new FormData(form)).toString();
    const page = `${form.getAttribute("action").split("?")[0]}?${query}`;
    const source = this.getAttribute("src");
    const url = source ? `${source.split("?")[0]}?${query}` : page;
    try {
      const { html, ok } = await fetchPart(url, { signal: this.asked.signal });
      if (!ok) return location.assign(page);
      this.put(partOf(html, "product-options"), page);
    } catch (trouble) {
      if (trouble.name !== "AbortError") location.assign(page);
    }
  }

  put(part, page) {
    replaceContents(this, part);
    const shown = this.querySelector(".pdp");
    history.replaceState(history.state, "", page);
    const name = document.title.split(" · ").pop();
    if (shown?.dataset.title) document.title = `${shown.dataset.title} · ${name}`;
    const price = this.querySelector(".price")?.textContent ?? "";
    const trouble = this.querySelector("#notify")?.textContent ?? "";
    announce(`${shown?.dataset.said ?? ""} ${price} ${trouble}`);
  }
});

define("product-gallery", class extends HTMLElement {
  connectedCallback() {
    const frames = this.querySelector(".frames");
    const large = [...this.querySelectorAll(".enlarge")];
    for (const [number, link] of large.entries()) {
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        openZoom(this.querySelector("template"), large, number);
      });
    }
    this.thumbs = [...this.querySelectorAll(".thumbs a")];
    for (const thumb of this.thumbs) {
      thumb.addEventListener("click", (event) => {
        event.preventDefault();
        this.querySelector(thumb.getAttribute("href"))?.scrollIntoView({ behavior: "smooth", block: "nearest", inline: "center" });
        this.mark(thumb.getAttribute("href"));
      });
    }
    this.watcher = new IntersectionObserver((seen) => {
      const best = seen.find((one) => one.isIntersecting);
      if (best) this.mark(`#${best.target.id}`);
    }, { root: frames, threshold: 0.6 });
    for (const frame of frames?.children ?? []) this.watcher.observe(frame);
  }

  disconnectedCallback() { this.watcher?.disconnect(); }

  mark(target) {
    for (const thumb of this.thumbs) {
      if (thumb.getAttribute("href") === target) thumb.setAttribute("aria-current", "true");
      else thumb.removeAttribute("aria-current");
    }
  }
});

define("buy-bar", class extends HTMLElement {
  connectedCallback() {
    this.hiding = new Set();
    const button = document.querySelector("#buy .btn");
    const foot = document.querySelector(".foot");
    if (!button) return;
    this.watcher = new IntersectionObserver((seen) => {
      for (const one of seen) this.because(one.target, one.isIntersecting);
    });
    this.watcher.observe(button);
    if (foot) this.watcher.observe(foot);
    this.focus = (event) => this.because("field", event.type === "focusin" && event.target.matches("input:not([type=radio]), select, textarea"));
    document.addEventListener("focusin", this.focus);
    document.addEventListener("focusout", this.focus);
  }

  disconnectedCallback() {
    this.watcher?.disconnect();
    document.removeEventListener("focusin", this.focus);
    document.removeEventListener("focusout", this.focus);
  }

  because(reason, isTrue) {
    if (isTrue) this.hiding.add(reason);
    else this.hiding.delete(reason);
    this.hidden = this.hiding.size > 0;
  }
});
