/* <market-suggestion>: "stay here" is remembered without leaving the page. */
import { define, sendForm } from "./page.js";

define("market-suggestion", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", async (event) => {
      event.preventDefault();
      await sendForm(event.target).catch(() => event.target.submit());
      document.getElementById("main")?.focus({ preventScroll: true });
      this.remove();
    });
  }
});
