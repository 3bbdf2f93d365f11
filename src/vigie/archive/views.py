"""What is made on a DuckDB connection: views over Parquet files, tables copied from Arrow, files of tables, conditions of a query.

References:
    - https://duckdb.org/docs/stable/data/parquet/overview
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def literal(text: object) -> str:
    """A text as SQL writes it."""
    return "'" + str(text).replace("'", "''") + "'"


def conditions(*asked: tuple[str, object]) -> tuple[str, list[object]]:
    """What rows are asked for, in SQL, and its values.

    Args:
        asked: conditions with a place for one value each, and their values; those whose value is None are not asked.
    """
    told = [(condition, value) for condition, value in asked if value is not None]
    return " and ".join(["true", *(condition for condition, _ in told)]), [value for _, value in told]


def view_files(connection: duckdb.DuckDBPyConnection, name: str, paths: Sequence[Path], schema: pa.Schema | None = None, *, numbered: bool = False, older: bool = False) -> None:
    """Make a view over Parquet files, or over an empty table where there are none.

    Args:
        connection: where.
        name: of the view.
        paths: files of the same columns.
        schema: columns of the empty table; without it, nothing is made where there are no files.
        numbered: whether rows get a number, `row`, that stays the same as long as the files do.
        older: whether files of older versions may lack columns of the schema, which are null then.
    """
    if paths and older and schema is not None:
        copy_tables(connection, **{f"no_{name}": schema.empty_table()})
        whole = f"select * from no_{name} union all by name select * from read_parquet([{', '.join(map(literal, paths))}], union_by_name = true)"
        connection.execute(f"create or replace view {name} as select {', '.join(schema.names)} from ({whole})")
    elif paths:
        number = "(file_index::bigint << 32) | file_row_number as row, * exclude (file_row_number)" if numbered else "*"
        listed = ", ".join(literal(path) for path in paths)
        connection.execute(f"create or replace view {name} as select {number} from read_parquet([{listed}], file_row_number = {numbered})")
    elif schema is not None:
        copy_tables(connection, **{f"no_{name}": schema.empty_table()})
        connection.execute(f"create or replace view {name} as select {'0::bigint as row, *' if numbered else '*'} from no_{name}")


def copy_tables(connection: duckdb.DuckDBPyConnection, **tables: pa.Table) -> None:
    """Make a table of the connection of each, copied, so that nothing of Arrow is held."""
    for name, table in tables.items():
        connection.register(f"_{name}", table)
        connection.execute(f"create or replace table {name} as select * from _{name}")
        connection.unregister(f"_{name}")


def write_table(connection: duckdb.DuckDBPyConnection, name: str, path: Path, compression: str) -> None:
    """Write a table or view to a Parquet file.

    Raises:
        duckdb.Error: it cannot be written.
    """
    connection.execute(f"copy {name} to {literal(path)} (format parquet, compression {compression})")
