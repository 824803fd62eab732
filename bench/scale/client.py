"""The shortest scripts that answer the benchmark's questions through MLflow's own Python client.

usage: python client.py QUESTION TRACKING_URI
"""
import json
import sys

import mlflow
from mlflow import MlflowClient

SWEEP = "churn-sweep"
FINISHED = "attributes.status = 'FINISHED'"


def client_and_id() -> tuple[MlflowClient, str]:
    client = MlflowClient()
    return client, client.get_experiment_by_name(SWEEP).experiment_id


def all_pages(search) -> list:
    found, token = [], None
    while True:
        page = search(page_token=token)
        found += page
        token = page.token
        if not token:
            return found


def best() -> dict:
    client, sweep = client_and_id()
    [run] = client.search_runs([sweep], FINISHED, order_by=["metrics.f1_score DESC"], max_results=1)
    return {"id": run.info.run_id, "value": run.data.metrics["f1_score"]}


def filter() -> dict:
    client, sweep = client_and_id()
    conditions = f"{FINISHED} AND params.model_type = 'xgboost' AND metrics.accuracy > 0.8"
    runs = client.search_runs([sweep], conditions, order_by=["metrics.f1_score DESC"], max_results=20)
    return {"ids": [run.info.run_id for run in runs]}


def compare() -> dict:
    client, sweep = client_and_id()
    runs = client.search_runs([sweep], order_by=["attributes.start_time DESC"], max_results=3)
    return {"ids": [run.info.run_id for run in runs]}


def history() -> dict:
    client, sweep = client_and_id()
    [run] = client.search_runs([sweep], "attributes.run_name = 'the-long-one'")
    values = [point.value for point in client.get_metric_history(run.info.run_id, "train_loss")]
    return {"points": len(values), "last": values[-1], "min": min(values)}


def count() -> dict:
    client, sweep = client_and_id()

    def number_of(status: str) -> int:
        conditions = f"attributes.status = '{status}'"
        return len(all_pages(lambda **page: client.search_runs([sweep], conditions, max_results=5_000, **page)))

    # Only the failed ones: there is no call that counts, and all of them take as long as the mean does.
    return {"FAILED": number_of("FAILED")}


def group() -> dict:
    runs = mlflow.search_runs(experiment_names=[SWEEP], filter_string=FINISHED)
    return runs.groupby("params.model_type")["metrics.f1_score"].mean().to_dict()


def impact() -> dict:
    import pandas
    from sklearn.ensemble import RandomForestRegressor

    runs = mlflow.search_runs(experiment_names=[SWEEP], filter_string=FINISHED)
    runs = runs[runs["metrics.f1_score"].notna()]
    params = runs.filter(like="params.").rename(columns=lambda name: name.removeprefix("params."))
    columns = params.apply(lambda texts: pandas.to_numeric(texts, errors="coerce"))
    names = columns.columns[columns.isna().any()]
    columns[names] = params[names].apply(lambda texts: texts.astype("category").cat.codes)
    target = runs["metrics.f1_score"]
    forest = RandomForestRegressor(n_estimators=50, n_jobs=2, min_samples_leaf=5, random_state=1).fit(columns, target)
    strongest = columns.columns[forest.feature_importances_.argmax()]
    spearman = columns.corrwith(target, method="spearman")["learning_rate"]
    return {"param": strongest, "runs": len(runs), "spearman": spearman}


mlflow.set_tracking_uri(sys.argv[2])
print(json.dumps(globals()[sys.argv[1]]()))
