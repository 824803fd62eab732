"""Writes the runs of a database into an mlruns folder, both through MLflow: same ids, times and values.

    MLFLOW_ALLOW_FILE_STORE=true python write_mlruns.py DATABASE FOLDER
"""

import math
import sys
from unittest.mock import patch

from mlflow.entities import Metric, RunStatus, ViewType
from mlflow.store.tracking import file_store
from mlflow.store.tracking.file_store import FileStore
from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

ARTIFACTS = "mlflow-artifacts:/"
METRICS_A_BATCH = 1_000


def all_pages(search):
    token, items = None, []
    while True:
        page = search(token)
        items += page
        token = page.token
        if not token:
            return items


def made_at(milliseconds):
    return patch.object(file_store, "get_current_time_millis", lambda: milliseconds)


def unclamped(metric):
    """A database cannot hold infinities and keeps the largest double instead."""
    value = math.copysign(math.inf, metric.value) if abs(metric.value) >= 1.797e308 else metric.value
    return Metric(metric.key, value, metric.timestamp, metric.step)


def write_run(source, target, run):
    info, data = run.info, run.data
    with patch.object(file_store.uuid, "uuid4") as make_id:
        make_id.return_value.hex = info.run_id
        target.create_run(info.experiment_id, info.user_id, info.start_time, [], info.run_name)
    for key, value in data.tags.items():
        target.set_tag(info.run_id, file_store.RunTag(key, value))
    for key, value in data.params.items():
        target.log_param(info.run_id, file_store.Param(key, value))
    for key in data.metrics:
        points = [unclamped(point) for point in source.get_metric_history(info.run_id, key)]
        for first in range(0, len(points), METRICS_A_BATCH):
            target.log_batch(info.run_id, points[first : first + METRICS_A_BATCH], [], [])
    target.log_inputs(info.run_id, run.inputs.dataset_inputs)
    target.update_run_info(info.run_id, RunStatus.from_string(info.status), info.end_time, info.run_name)


def write_experiment(source, target, experiment):
    id = experiment.experiment_id
    if id != FileStore.DEFAULT_EXPERIMENT_ID:
        with (
            made_at(experiment.creation_time),
            patch.object(file_store, "_generate_unique_integer_id", lambda: int(id)),
        ):
            target.create_experiment(experiment.name, experiment.artifact_location, [])
    for key, value in experiment.tags.items():
        target.set_experiment_tag(id, file_store.ExperimentTag(key, value))
    runs = all_pages(lambda token: source.search_runs([id], None, ViewType.ALL, 1_000, page_token=token))
    for run in runs:
        write_run(source, target, run)
    with made_at(experiment.last_update_time):
        for run in runs:
            if run.info.lifecycle_stage == "deleted":
                target.delete_run(run.info.run_id)
        if experiment.lifecycle_stage == "deleted":
            target.delete_experiment(id)


def main(database, folder):
    source = SqlAlchemyStore(f"sqlite:///{database}", ARTIFACTS)
    experiments = all_pages(lambda token: source.search_experiments(ViewType.ALL, 1_000, page_token=token))
    default = next(one for one in experiments if one.experiment_id == FileStore.DEFAULT_EXPERIMENT_ID)
    with made_at(default.creation_time):
        target = FileStore(folder, ARTIFACTS)
    for experiment in experiments:
        write_experiment(source, target, experiment)


main(*sys.argv[1:])
