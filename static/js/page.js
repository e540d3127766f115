/* What all elements share: ask the server for HTML, put it in place, keep focus, say what happened. */

/** The document a URL answers with. `HX-Request` tells the view that a part of the page is enough. */
export async function fetchPart(url, options = {}) {
  const headers = { "HX-Request": "true", ...options.headers };
  const response = await fetch(url, { credentials: "same-origin", ...options, headers });
  const html = new DOMParser().parseFromString(await response.text(), "text/html");
  return { html, url: response.url, ok: response.ok, status: response.status, redirected: response.redirected };
}

/** Sends a form the way the browser would. */
export function sendForm(form, submitter) {
  const fields = new FormData(form, submitter ?? undefined);
  return fetchPart(form.action, { method: "POST", body: fields });
}

/** The part of an answer that belongs into `selector`: the element of a whole page, or all of a fragment. */
export function partOf(html, selector) {
  return html.querySelector(selector) ?? html.body;
}

/** Replaces what `region` holds and gives focus back to the same control. */
export function replaceContents(region, part) {
  const marker = markerOf(document.activeElement, region);
  region.replaceChildren(...part.childNodes);
  if (marker) region.querySelector(marker)?.focus({ preventScroll: true });
}

function markerOf(control, region) {
  if (!control || control === document.body || !region.contains(control)) return "";
  if (control.id) return `#${CSS.escape(control.id)}`;
  const holder = control.closest("[id]");
  const place = holder && region.contains(holder) ? `#${CSS.escape(holder.id)} ` : "";
  return place + ownMarker(control);
}

function ownMarker(control) {
  if ("sheet" in control.dataset) return "[data-sheet]";
  if (control.dataset.step) return `[data-step="${control.dataset.step}"]`;
  if (!control.name) return control.localName;
  const value = /^(radio|checkbox)$/.test(control.type) ? `[value="${CSS.escape(control.value)}"]` : "";
  return `[name="${CSS.escape(control.name)}"]${value}`;
}

/** Tells screen readers, once. */
export function announce(text) {
  const place = document.getElementById("announcer");
  if (!place || !text) return;
  place.textContent = "";
  setTimeout(() => { place.textContent = text.replace(/\s+/g, " ").trim(); }, 100);
}

/** Defines an element once. */
export function define(name, element) {
  if (!customElements.get(name)) customElements.define(name, element);
}
