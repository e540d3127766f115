// <push-consent>: asks the browser only when its button is pressed, and tells the shop what it answered.
// Attributes: data-key (the shop's public key), data-worker, data-url, data-followed, and the sentences data-denied and data-failed.
const bytesOf = (text) => {
  const padded = text.replace(/-/g, "+").replace(/_/g, "/") + "=".repeat((4 - (text.length % 4)) % 4);
  return Uint8Array.from(atob(padded), (letter) => letter.charCodeAt(0));
};

// The page lies outside the worker's scope, so `serviceWorker.ready` would never come: its own state is watched.
const active = (registration) =>
  new Promise((resolve, reject) => {
    const worker = registration.active || registration.waiting || registration.installing;
    if (!worker) return reject(new Error("no worker"));
    const look = () => {
      if (worker.state === "activated") resolve(registration);
      if (worker.state === "redundant") reject(new Error("redundant"));
    };
    worker.addEventListener("statechange", look);
    look();
  });

class PushConsent extends HTMLElement {
  async connectedCallback() {
    if (!("serviceWorker" in navigator) || !("PushManager" in window) || !("Notification" in window)) return;
    this.listenButton = this.querySelector("[data-listen]");
    this.stopButton = this.querySelector("[data-stop]");
    this.status = this.querySelector("[data-status]");
    this.listenButton.addEventListener("click", () => this.attempt(() => this.listen()));
    this.stopButton.addEventListener("click", () => this.attempt(() => this.stop()));
    this.hidden = false;
    const registration = await navigator.serviceWorker.getRegistration(this.dataset.worker);
    this.show(await this.follows(await registration?.pushManager.getSubscription()));
  }

  // Whether this browser is one of those that follow this order; it may follow another one only.
  async follows(subscription) {
    if (!subscription) return false;
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subscription.endpoint));
    const name = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
    return this.dataset.followed.split(" ").includes(name);
  }

  show(listens) {
    this.listenButton.hidden = listens;
    this.stopButton.hidden = !listens;
  }

  async attempt(deed) {
    this.status.textContent = "";
    try {
      await deed();
    } catch {
      this.status.textContent = Notification.permission === "denied" ? this.dataset.denied : this.dataset.failed;
    }
  }

  async listen() {
    const registration = await active(await navigator.serviceWorker.register(this.dataset.worker));
    const subscription = await registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytesOf(this.dataset.key),
    });
    await this.tell("POST", subscription);
    this.show(true);
    this.stopButton.focus();
  }

  async stop() {
    const registration = await navigator.serviceWorker.getRegistration(this.dataset.worker);
    const subscription = await registration?.pushManager.getSubscription();
    if (subscription) {
      await this.tell("DELETE", subscription);
      await subscription.unsubscribe();
    }
    this.show(false);
    this.listenButton.focus();
  }

  async tell(method, subscription) {
    const answer = await fetch(this.dataset.url, {
      method,
      headers: {
        "Content-Type": "application/json",
        "X-CSRFToken": this.querySelector("[name=csrfmiddlewaretoken]").value,
      },
      body: JSON.stringify(subscription),
    });
    if (!answer.ok) throw new Error(String(answer.status));
  }
}

customElements.define("push-consent", PushConsent);
