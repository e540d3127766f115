"""From where goods leave, and why: lanes, rules, costs, and one planner for the promise and for the deed."""
