"""Import duty, clearance fees and restrictions: a pure engine over dated rows.

`markets.duty.types` names the rows it decides by. The rows are read elsewhere; nothing here asks a database.
"""
