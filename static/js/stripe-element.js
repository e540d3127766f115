// Finishes a payment with Stripe's own form. Card data goes from its frame to Stripe and never through the shop.
const form = document.getElementById("payment-form");
const problem = document.getElementById("payment-problem");
const button = form.querySelector("button");
const label = form.querySelector("[data-label]");
const words = label.textContent;

const stripe = window.Stripe(form.dataset.publishableKey, { locale: form.dataset.locale });
const elements = stripe.elements({ clientSecret: form.dataset.clientSecret });
elements.create("payment").mount("#payment-fields");
form.hidden = false;

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  problem.textContent = "";
  button.disabled = true;
  label.textContent = form.dataset.wait;
  const { error } = await stripe.confirmPayment({
    elements,
    confirmParams: { return_url: form.dataset.returnUrl },
  });
  // Only reached when the payment did not go through; otherwise the browser has left for the return address.
  problem.textContent = error.message;
  button.disabled = false;
  label.textContent = words;
});
