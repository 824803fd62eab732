"""copy_demo.py SOURCE TARGET: the rows of the demo's SQLite file in a database that this Python's MLflow makes.

TARGET is an SQLAlchemy URI of an empty database. Tables and columns that this release lacks are left out.
"""
import sqlite3
import sys

from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
from sqlalchemy import MetaData, func, select, text

source_path, target = sys.argv[1:]
source = sqlite3.connect(f"file:{source_path}?mode=ro", uri=True)
source.row_factory = sqlite3.Row
source_tables = {name for (name,) in source.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}

engine = SqlAlchemyStore(target, "mlflow-artifacts:/").engine
metadata = MetaData()
metadata.reflect(engine)
tables = [table for table in metadata.sorted_tables if table.name in source_tables - {"alembic_version"}]


def rows_of(table):
    found = source.execute(f'SELECT * FROM "{table.name}"').fetchall()
    columns = {column.name for column in table.columns if column.computed is None}
    return [{name: row[name] for name in row.keys() if name in columns} for row in found]


with engine.begin() as connection:
    if engine.dialect.name == "mysql":
        # Else the experiment 0 would get the next free number.
        connection.execute(text("SET SESSION sql_mode = CONCAT(@@sql_mode, ',NO_AUTO_VALUE_ON_ZERO')"))
    for table in reversed(tables):
        connection.execute(table.delete())
    for table in tables:
        if rows := rows_of(table):
            connection.execute(table.insert(), rows)
    if engine.dialect.name == "postgresql":
        # Rows that name their number do not move the counter that gives the next one.
        experiment_id = metadata.tables["experiments"].c.experiment_id
        counter = func.pg_get_serial_sequence("experiments", "experiment_id")
        connection.execute(select(func.setval(counter, select(func.max(experiment_id)).scalar_subquery())))
