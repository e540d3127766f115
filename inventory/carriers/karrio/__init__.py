"""FedEx, UPS and DHL by the karrio library, when it is installed."""
