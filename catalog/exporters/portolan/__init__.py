"""Our own table, as `catalog.importers.portolan` reads it."""
