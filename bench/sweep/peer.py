"""Runs Optuna's TPE on one function that another process computes: asks on standard output, is answered on standard input."""
import json
import sys
import warnings

import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)
warnings.simplefilter("ignore")
options = json.loads(sys.argv[1])


def suggest(trial, name, dimension):
    kind = dimension["kind"]
    if kind == "choice":
        return trial.suggest_categorical(name, dimension["values"])
    if kind == "integer":
        return trial.suggest_int(name, dimension["low"], dimension["high"], log=dimension["log"])
    return trial.suggest_float(name, dimension["low"], dimension["high"], log=dimension["log"])


for seed in range(options["seeds"]):
    sampler = optuna.samplers.TPESampler(
        seed=seed, multivariate=options["multivariate"], constant_liar=options["parallel"] > 1
    )
    study = optuna.create_study(sampler=sampler)
    waiting = []
    for _ in range(options["trials"]):
        trial = study.ask()
        configuration = {one["name"]: suggest(trial, one["name"], one["dimension"]) for one in options["space"]}
        waiting.append((trial, configuration))
        if len(waiting) < options["parallel"]:
            continue
        trial, configuration = waiting.pop(0)
        print(json.dumps(configuration), flush=True)
        study.tell(trial, json.loads(sys.stdin.readline()))
    for trial, configuration in waiting:
        print(json.dumps(configuration), flush=True)
        study.tell(trial, json.loads(sys.stdin.readline()))
