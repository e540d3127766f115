/* What every page of the storefront has. */
import "./page-menu.js";
import "./search-suggest.js";
import "./cart.js";
import "./market-suggestion.js";
