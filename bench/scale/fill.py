"""Fills an empty database with a large sweep through MLflow's own schema, and writes the true answers beside it.

usage: python fill.py STORE_URI TRUTH_JSON [--runs 100000] [--points 10000000] [--seed 1]
needs: mlflow; for PostgreSQL psycopg2-binary, for MariaDB and MySQL pymysql
"""
import argparse
import contextlib
import io
import itertools
import json
import tempfile
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import data

TABLES = {
    "runs": (
        *("run_uuid", "name", "source_type", "source_name", "entry_point_name", "user_id", "status", "start_time"),
        *("end_time", "source_version", "lifecycle_stage", "artifact_uri", "experiment_id"),
    ),
    "params": ("key", "value", "run_uuid"),
    "tags": ("key", "value", "run_uuid"),
    "latest_metrics": ("key", "value", "timestamp", "step", "is_nan", "run_uuid"),
    "metrics": ("key", "value", "timestamp", "step", "is_nan", "run_uuid"),
}
CHUNK = 100_000


def create_schema(uri: str, artifacts: str) -> list[int]:
    """MLflow's tables and the experiments, by MLflow itself."""
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    store = SqlAlchemyStore(uri, artifacts)
    ids = [int(store.create_experiment(name)) for name in data.EXPERIMENTS]
    store.engine.dispose()
    return ids


@contextlib.contextmanager
def sqlite_loader(uri: str):
    import sqlite3

    connection = sqlite3.connect(uri.removeprefix("sqlite:///"), isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -1000000")
    connection.execute("BEGIN")

    def load(table: str, rows: list[tuple]) -> None:
        marks = ", ".join("?" * len(rows[0]))
        connection.executemany(f"INSERT INTO {table} ({', '.join(TABLES[table])}) VALUES ({marks})", rows)

    yield load
    connection.execute("COMMIT")
    connection.close()


@contextlib.contextmanager
def postgres_loader(uri: str):
    import psycopg2

    connection = psycopg2.connect("postgresql://" + uri.partition("://")[2])

    def load(table: str, rows: list[tuple]) -> None:
        columns = ", ".join(f'"{name}"' for name in TABLES[table])
        with connection.cursor() as cursor:
            cursor.copy_expert(f"COPY {table} ({columns}) FROM STDIN", io.StringIO(as_text(rows)))

    yield load
    connection.commit()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    connection.commit()
    connection.close()


@contextlib.contextmanager
def mysql_loader(uri: str):
    import pymysql

    parts = urlsplit(uri)
    connection = pymysql.connect(
        host=parts.hostname,
        port=parts.port or 3306,
        user=unquote(parts.username or "root"),
        password=unquote(parts.password or ""),
        database=parts.path.removeprefix("/"),
        local_infile=True,
    )

    def load(table: str, rows: list[tuple]) -> None:
        columns = ", ".join(f"`{name}`" for name in TABLES[table])
        with tempfile.NamedTemporaryFile("w", suffix=".tsv") as file, connection.cursor() as cursor:
            file.write(as_text(rows))
            file.flush()
            cursor.execute(f"LOAD DATA LOCAL INFILE %s INTO TABLE {table} ({columns})", (file.name,))

    connection.cursor().execute("SET unique_checks = 0, foreign_key_checks = 0")
    yield load
    connection.commit()
    for table in TABLES:
        connection.cursor().execute(f"ANALYZE TABLE {table}")
    connection.close()


def as_text(rows: list[tuple]) -> str:
    """Tab-separated lines as COPY and LOAD DATA take them; no text of ours needs escaping."""
    lines = ("\t".join(r"\N" if cell is None else as_cell(cell) for cell in row) for row in rows)
    return "\n".join(lines) + "\n"


def as_cell(cell) -> str:
    return str(int(cell)) if isinstance(cell, bool) else str(cell)


LOADERS = {"sqlite": sqlite_loader, "postgresql": postgres_loader, "mysql": mysql_loader}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("uri")
    parser.add_argument("truth", type=Path)
    parser.add_argument("--runs", type=int, default=100_000)
    parser.add_argument("--points", type=int, default=10_000_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    started = time.monotonic()
    dialect = args.uri.partition(":")[0].partition("+")[0]
    experiment_ids = create_schema(args.uri, "file:///artifacts")
    sweep = data.make_sweep(args.runs, args.points, args.seed)
    sources = {
        "runs": data.run_rows(sweep, experiment_ids, "file:///artifacts"),
        "params": data.keyed_rows(sweep.params, sweep.ids),
        "tags": data.keyed_rows(sweep.tags, sweep.ids),
        "latest_metrics": data.latest_rows(sweep),
        "metrics": data.point_rows(sweep),
    }
    with LOADERS[dialect](args.uri) as load:
        for table, rows in sources.items():
            count = 0
            while chunk := list(itertools.islice(rows, CHUNK)):
                load(table, chunk)
                count += len(chunk)
            print(f"{table}: {count:,} rows after {time.monotonic() - started:.0f} s", flush=True)
    args.truth.write_text(json.dumps(data.true_answers(sweep)))


main()
