// The service worker of web push: shows what the shop sends and opens its link. It controls no page and caches nothing.
self.addEventListener("push", (event) => {
  let words = {};
  try {
    words = event.data ? event.data.json() : {};
  } catch {
    words = {};
  }
  const { title = "", body = "", url = "/", lang = "", tag = "" } = words;
  event.waitUntil(self.registration.showNotification(title, { body, lang, tag, dir: "auto", data: { url } }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const target = new URL(event.notification.data?.url || "/", self.location.origin);
  const url = target.origin === self.location.origin ? target.href : self.location.origin;
  event.waitUntil(self.clients.openWindow(url));
});
