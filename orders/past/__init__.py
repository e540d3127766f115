"""Orders from elsewhere: brought in from the exports of other platforms, looked up, and moved by nothing."""
