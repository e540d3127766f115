"""Cards that members keep at a provider: who may pay with which, and what they are called."""
