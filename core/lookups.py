"""Looking for words inside a column, whatever their case, by the column's own trigram index.

Django's `icontains` compares `UPPER(column)`, which an index over the column itself does not know. `holds` asks with
`ILIKE`, which it does.
"""

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CharField, TextField
from django.db.models.lookups import PatternLookup
from django.db.models.sql.compiler import SQLCompiler


@CharField.register_lookup
@TextField.register_lookup
class Holds(PatternLookup):
    """`number__holds="mer-1"`: the words stand somewhere in the column."""

    lookup_name = "holds"

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> tuple[str, tuple[str | int, ...]]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = self.process_rhs(compiler, connection)
        return f"{left} ILIKE {right}", (*left_values, *right_values)
