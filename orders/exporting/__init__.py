"""Orders as tables: chosen columns, CSV or XLSX, at once or as a job."""
