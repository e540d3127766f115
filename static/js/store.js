/* What every page of the storefront has. */
import "./page-menu.js";
import "./search-suggest.js";
import "./cart.js";
import "./favourites.js";
import "./market-suggestion.js";
