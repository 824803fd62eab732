"""Runs as a large sweep leaves them, from a seed, and the answers that the benchmark's questions must get.

f1_score peaks at a learning rate of 1e-3, rises with max_depth and depends on model_type, under noise.
"""
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

EXPERIMENTS = ["churn-sweep"] + [f"side-project-{number:02}" for number in range(2, 23)]
SWEEP_SHARE = 0.8
STATUSES = {"FINISHED": 0.92, "FAILED": 0.05, "RUNNING": 0.03}
NAN_SHARE = 0.005
WITHOUT_F1_SHARE = 0.02
MODEL_TYPES = {"xgboost": 0.04, "lightgbm": 0.03, "random_forest": 0.0, "mlp": -0.02, "logistic": -0.06}
LONG_RUN = "the-long-one"
LONG_POINTS = 20_000
HISTORY_RUNS = 500
FIRST_START = 1_760_000_000_000
METRICS = [
    *("f1_score", "accuracy", "precision", "recall", "roc_auc", "log_loss", "train_loss", "val_loss"),
    *("fit_seconds", "predict_ms", "model_mb", "calibration_error"),
]
PARAMS = [
    *("model_type", "learning_rate", "max_depth", "n_estimators", "subsample", "colsample", "batch_size", "dropout"),
    *("weight_decay", "optimizer", "epochs", "seed", "dataset_version", "feature_set", "min_child_weight"),
]
TAGS = ["mlflow.runName", "mlflow.user", "mlflow.source.name", "mlflow.source.type", "mlflow.source.git.commit", "team"]


@dataclass
class Sweep:
    """Parallel columns: element i of each belongs to run i, the oldest first."""

    ids: list[str]
    names: list[str]
    experiments: np.ndarray
    """Places in EXPERIMENTS."""
    statuses: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    params: dict[str, list[str]]
    tags: dict[str, list[str]]
    metrics: dict[str, np.ndarray]
    """Latest values; NaN where `lacks_f1` or logged as NaN."""
    lacks_f1: np.ndarray
    histories: dict[int, int]
    """Points of train_loss of the runs that logged more than one."""
    seed: int


def make_sweep(runs: int, points: int, seed: int) -> Sweep:
    random = np.random.default_rng(seed)
    ids = [random.bytes(16).hex() for _ in range(runs)]
    params = make_params(random, runs)
    lr = np.array([float(text) for text in params["learning_rate"]])
    depth = np.array([int(text) for text in params["max_depth"]])
    offset = np.array([MODEL_TYPES[name] for name in params["model_type"]])
    f1 = 0.78 - 0.06 * (np.log10(lr) + 3) ** 2 + 0.004 * depth + offset + random.normal(0, 0.05, runs)
    metrics = {key: random.gamma(2, 0.3, runs) for key in METRICS}
    metrics["accuracy"] = f1 + random.normal(0.05, 0.02, runs)
    lacks_f1 = random.random(runs) < WITHOUT_F1_SHARE
    metrics["f1_score"] = np.where(lacks_f1 | (random.random(runs) < NAN_SHARE), np.nan, f1)
    starts = FIRST_START + np.arange(runs) * 60_000
    names = [f"run-{index:06}" for index in range(runs)]
    experiments = np.where(random.random(runs) < SWEEP_SHARE, 0, random.integers(1, len(EXPERIMENTS), runs))
    statuses = random.choice(list(STATUSES), runs, p=list(STATUSES.values()))
    names[0], experiments[0], statuses[0] = LONG_RUN, 0, "FINISHED"
    sweep = Sweep(
        ids=ids,
        names=names,
        experiments=experiments,
        statuses=statuses,
        starts=starts,
        ends=starts + random.integers(60_000, 7_200_000, runs),
        params=params,
        tags=make_tags(random, names),
        metrics=metrics,
        lacks_f1=lacks_f1,
        histories=spread_points(runs, points),
        seed=seed,
    )
    for run in sweep.histories:
        metrics["train_loss"][run] = history(sweep, run)[-1]
    return sweep


def make_params(random: np.random.Generator, runs: int) -> dict[str, list[str]]:
    def choose(values) -> list[str]:
        return [str(value) for value in random.choice(values, runs)]

    def real(low: float, high: float, digits: int) -> list[str]:
        return [f"{value:.{digits}f}" for value in random.uniform(low, high, runs)]

    def magnitude(low: float, high: float) -> list[str]:
        return [f"{10**value:.3g}" for value in random.uniform(low, high, runs)]

    values = [
        choose(list(MODEL_TYPES)),
        *(magnitude(-5, -1), choose(range(2, 13)), choose(range(50, 1050, 50)), real(0.5, 1, 2), real(0.5, 1, 2)),
        *(choose([16, 32, 64, 128]), real(0, 0.5, 2), magnitude(-6, -2), choose(["adam", "sgd", "rmsprop"])),
        *(choose([10, 20, 50, 100]), choose(range(1000)), choose(["v1", "v2", "v3"]), choose(["base", "wide", "text"])),
        choose(range(1, 11)),
    ]
    return dict(zip(PARAMS, values, strict=True))


def make_tags(random: np.random.Generator, names: list[str]) -> dict[str, list[str]]:
    runs = len(names)
    commits = [random.bytes(20).hex() for _ in range(40)]
    values = [
        names,
        [str(user) for user in random.choice(["ada", "grace", "edsger", "barbara"], runs)],
        *(["train.py"] * runs, ["LOCAL"] * runs),
        # Code moves on while the sweep runs.
        [commits[run * len(commits) // runs] for run in range(runs)],
        [str(team) for team in random.choice(["risk", "growth", "core"], runs)],
    ]
    return dict(zip(TAGS, values, strict=True))


def spread_points(runs: int, points: int) -> dict[int, int]:
    """Of the oldest run LONG_POINTS, the rest evenly over HISTORY_RUNS others, or as many as have ten runs between."""
    rest = max(0, points - LONG_POINTS)
    others = min(HISTORY_RUNS - 1, runs // 10 - 1)
    spacing = runs // (others + 1)
    return {0: min(points, LONG_POINTS)} | {(i + 1) * spacing: max(2, rest // others) for i in range(others)}


def history(sweep: Sweep, run: int) -> np.ndarray:
    """train_loss of a run at steps 0, 1, 2, …: a falling curve under noise."""
    points = sweep.histories[run]
    random = np.random.default_rng([sweep.seed, run])
    return 0.1 + 2 / (1 + np.arange(points) / 50) + random.normal(0, 0.02, points)


def true_answers(sweep: Sweep) -> dict:
    """What each question must be answered with, computed from the columns alone."""
    f1, accuracy = sweep.metrics["f1_score"], sweep.metrics["accuracy"]
    own = sweep.experiments == 0
    finished = own & (sweep.statuses == "FINISHED")
    counted = finished & np.isfinite(f1)
    models = np.array(sweep.params["model_type"])
    matching = np.flatnonzero(counted & (models == "xgboost") & (accuracy > 0.8))
    top = matching[np.argsort(-f1[matching], kind="stable")][:20]
    best = int(np.nanargmax(np.where(counted, f1, np.nan)))
    loss = history(sweep, 0)
    return {
        "best": {"id": sweep.ids[best], "value": float(f1[best])},
        "filter": {"matched": len(matching), "ids": [sweep.ids[run] for run in top]},
        "compare": {"ids": [sweep.ids[run] for run in np.flatnonzero(own)[::-1][:3]]},
        "history": {"points": len(loss), "last": float(loss[-1]), "min": float(loss.min())},
        "count": {status: int((own & (sweep.statuses == status)).sum()) for status in STATUSES},
        "group": {model: float(f1[counted & (models == model)].mean()) for model in MODEL_TYPES},
        "impact": learning_rate_effect(sweep, counted),
    }


def learning_rate_effect(sweep: Sweep, counted: np.ndarray) -> dict:
    """How f1_score goes with the learning rate: a parabola in its logarithm, adjusted for 2 terms, and Spearman's ρ."""
    x = np.log10([float(text) for text in sweep.params["learning_rate"]])[counted]
    y = sweep.metrics["f1_score"][counted]
    rest = y - np.polyval(np.polyfit(x, y, 2), x)
    adjusted = 1 - rest.var() / y.var() * (len(y) - 1) / (len(y) - 3)
    spearman = np.corrcoef(average_ranks(x), average_ranks(y))[0, 1]
    return {"param": "learning_rate", "runs": len(y), "adjustedR2": float(adjusted), "spearman": float(spearman)}


def average_ranks(values: np.ndarray) -> np.ndarray:
    _, places, counts = np.unique(values, return_inverse=True, return_counts=True)
    return (np.cumsum(counts) - (counts - 1) / 2)[places]


Rows = Iterator[tuple]


def run_rows(sweep: Sweep, experiment_ids: list[int], artifacts: str) -> Rows:
    for run, identity in enumerate(sweep.ids):
        status = str(sweep.statuses[run])
        experiment = experiment_ids[sweep.experiments[run]]
        end = None if status == "RUNNING" else int(sweep.ends[run])
        uri = f"{artifacts}/{experiment}/{identity}/artifacts"
        place = ("UNKNOWN", "", "", sweep.tags["mlflow.user"][run], status, int(sweep.starts[run]), end)
        yield (identity, sweep.names[run], *place, "", "active", uri, experiment)


def keyed_rows(columns: dict[str, list[str]], ids: list[str]) -> Rows:
    for run, identity in enumerate(ids):
        for key, values in columns.items():
            yield (key, values[run], identity)


def latest_rows(sweep: Sweep) -> Rows:
    """MLflow stores NaN as 0 with a mark beside it."""
    for run, identity in enumerate(sweep.ids):
        for key, values in sweep.metrics.items():
            if key == "f1_score" and sweep.lacks_f1[run]:
                continue
            value = float(values[run])
            step = sweep.histories[run] - 1 if key == "train_loss" and run in sweep.histories else 0
            is_nan = value != value
            yield (key, 0.0 if is_nan else value, int(sweep.starts[run]) + step * 1000, step, is_nan, identity)


def point_rows(sweep: Sweep) -> Rows:
    for key, value, timestamp, step, is_nan, identity in latest_rows(sweep):
        if step == 0:
            yield (key, value, timestamp, step, is_nan, identity)
    for run in sweep.histories:
        start, identity = int(sweep.starts[run]), sweep.ids[run]
        for step, value in enumerate(history(sweep, run).tolist()):
            yield ("train_loss", value, start + step * 1000, step, False, identity)
