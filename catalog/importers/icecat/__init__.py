"""Product records of the open Icecat catalogue, one JSON object on each line."""
