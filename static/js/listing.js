/* <product-listing>: filters and sorting change the list in place; the address always says what is shown. */
import { announce, define, fetchPart, partOf, replaceContents } from "./page.js";

define("product-listing", class extends HTMLElement {
  connectedCallback() {
    this.listen(this);
    this.addEventListener("click", (event) => this.click(event));
    this.back = () => this.show(location.href, { isBack: true });
    addEventListener("popstate", this.back);
  }

  disconnectedCallback() { removeEventListener("popstate", this.back); }

  listen(place) {
    place.addEventListener("change", (event) => { if (event.target.form?.id === "filters") this.apply(event.target.form); });
    place.addEventListener("submit", (event) => this.submit(event));
  }

  get form() { return document.getElementById("filters"); }

  submit(event) {
    if (event.target.id !== "filters") return;
    event.preventDefault();
    this.dialog?.close();
    this.apply(event.target);
  }

  click(event) {
    const link = event.target.closest("a");
    if (link?.matches("[data-swap]")) { event.preventDefault(); this.show(link.href); }
    if (link?.matches("[data-sheet]")) { event.preventDefault(); this.openSheet(link); }
  }

  apply(form) {
    const wanted = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value !== "") wanted.append(name, value);
    const query = wanted.toString();
    this.show(form.getAttribute("action").split("?")[0] + (query ? `?${query}` : ""));
  }

  async show(url, { isBack = false } = {}) {
    const open = this.openFacets();
    this.classList.add("busy");
    try {
      const { html, ok } = await fetchPart(url);
      if (!ok) return location.assign(url);
      this.put(partOf(html, "product-listing"));
      for (const [key, isOpen] of open) this.facet(key)?.toggleAttribute("open", isOpen);
      if (!isBack) history.pushState(null, "", url);
      announce(document.getElementById("result-count")?.textContent);
    } catch {
      location.assign(url);
    } finally {
      this.classList.remove("busy");
    }
  }

  put(part) {
    if (!this.dialog) return replaceContents(this, part);
    const form = part.querySelector("#filters");
    replaceContents(this.dialog.querySelector(".in"), wrap(form));
    replaceContents(this, part);
  }

  openFacets() { return [...document.querySelectorAll("[data-facet]")].map((one) => [one.dataset.facet, one.open]); }

  facet(key) { return document.querySelector(`[data-facet="${CSS.escape(key)}"]`); }

  /** The same form as a sheet of full height; it goes back where it was. */
  openSheet(opener) {
    const dialog = document.createElement("dialog");
    dialog.className = "sheet";
    dialog.setAttribute("aria-label", opener.textContent.trim());
    const inside = document.createElement("div");
    inside.className = "in";
    inside.append(this.form);
    dialog.append(inside);
    document.body.append(dialog);
    this.dialog = dialog;
    this.listen(dialog);
    dialog.addEventListener("click", (event) => { if (event.target === dialog || event.target.closest("[data-close]")) dialog.close(); });
    dialog.addEventListener("close", () => {
      this.querySelector(".side")?.prepend(this.form);
      dialog.remove();
      this.dialog = null;
      this.querySelector("[data-sheet]")?.focus();
    });
    dialog.showModal();
  }
});

function wrap(node) {
  const holder = document.createElement("div");
  holder.append(node);
  return holder;
}
