/* The large view of a gallery: scrolling pans it, two fingers zoom it, the keyboard does everything. */
import { announce } from "./page.js";

/** Opens `template`'s dialog at one of the links to large files; focus goes in, and back to the link on close. */
export function openZoom(template, links, start) {
  const dialog = template.content.firstElementChild.cloneNode(true);
  const pan = dialog.querySelector(".zoom-pan");
  const image = pan.querySelector("img");
  const place = dialog.querySelector("[role=status]");
  const button = (name) => dialog.querySelector(`[data-zoom="${name}"]`);
  let at = start;

  const show = (number) => {
    at = (number + links.length) % links.length;
    image.src = links[at].href;
    image.alt = links[at].querySelector("img").alt;
    place.textContent = `${at + 1} / ${links.length}`;
    announce(image.alt);
    centre();
  };
  const centre = () => {
    const side = (pan.scrollWidth - pan.clientWidth) / 2;
    pan.scrollTo(getComputedStyle(pan).direction === "rtl" ? -side : side, (pan.scrollHeight - pan.clientHeight) / 2);
  };
  const fit = (whole = !pan.classList.contains("fit")) => {
    pan.classList.toggle("fit", whole);
    button("fit").setAttribute("aria-pressed", String(whole));
    centre();
  };
  const acts = { fit, back: () => show(at - 1), on: () => show(at + 1), close: () => dialog.close() };

  for (const name of ["back", "on"]) button(name).hidden = links.length < 2;
  dialog.addEventListener("click", (event) => {
    const pressed = event.target.closest("[data-zoom]");
    if (pressed) acts[pressed.dataset.zoom]();
    else if (event.target === image) fit();
  });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "+") fit(false);
    else if (event.key === "-") fit(true);
    else if (event.key === "PageUp") show(at - 1);
    else if (event.key === "PageDown") show(at + 1);
    else return;
    event.preventDefault();
  });
  image.addEventListener("load", centre);
  dialog.addEventListener("close", () => { dialog.remove(); links[at].focus(); });
  document.body.append(dialog);
  dialog.showModal();
  show(start);
  pan.focus();
}
