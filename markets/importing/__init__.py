"""Customs and tax tables as files: read, compared with what is known, and written as dated rows."""
