"""What happens in the process of one task."""

import json
import os
import sys
import time


def warm_up(module):
    """Loads what every task of KFP's executor needs."""
    import argparse
    import importlib.util
    import inspect
    import runpy  # noqa: F401
    import traceback  # noqa: F401

    importlib.import_module(module)
    # A module that is there already would run a second time, with a warning.
    sys.modules.pop(module, None)
    importlib.util.find_spec(module)
    # Fills caches of regular expressions, and loads what is loaded at first use.
    parser = argparse.ArgumentParser(description="KFP Component Executor.")
    parser.add_argument("--component_module_path", type=str, help="one")
    parser.parse_known_args(["--component_module_path", "a", "--other", "b"])
    inspect.signature(parser.parse_known_args)


def as_program(module, task):
    """Becomes `python3 -m module`, with the task's arguments; returns only where that does."""
    import runpy

    leave_out_lines_of(module)
    sys.argv = [module, *task["argv"]]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit:
        raise
    except BaseException as error:
        leave_failure(task, error)
        raise


def leave_out_lines_of(module):
    """Has KFP's executor not print paths and the whole input of each task; what the component logs is printed."""
    import importlib.util
    import logging

    spec = importlib.util.find_spec(module)
    origin = spec.origin if spec is not None else None
    logging.getLogger().addFilter(lambda record: record.pathname != origin)


def leave_failure(task, error):
    """Writes what was thrown to the file that the task names, and has the interpreter print no frames of this file."""
    import traceback

    def own(frame):
        return os.path.abspath(frame.f_code.co_filename) == task["program"]

    def from_component(frames):
        while frames is not None and not own(frames.tb_frame):
            frames = frames.tb_next
        return frames

    beside = os.path.dirname(__file__)

    def without_these_files(frames):
        while frames is not None and os.path.dirname(frames.tb_frame.f_code.co_filename) == beside:
            frames = frames.tb_next
        return frames

    try:
        frames = from_component(error.__traceback__)
        lines = traceback.format_tb(frames) if frames is not None else []
        words = "".join(traceback.format_exception_only(type(error), error)).strip()
        if isinstance(error, SyntaxError):
            # The place comes first, and the words last.
            place, _, words = words.rpartition("\n")
            lines.append(place)
        failure = {
            "type": type(error).__name__,
            "words": words,
            "stack": "".join(lines).rstrip("\n"),
            # A module that is not there, by its name.
            "module": getattr(error, "name", None) if isinstance(error, ImportError) else None,
            "kfp": getattr(sys.modules.get("kfp"), "__version__", None),
        }
        with open(task["failure"], "w", encoding="utf-8") as file:
            json.dump(failure, file)
    except BaseException:
        # The log has the traceback.
        pass

    def print_it(kind, value, frames):
        # Frames of whoever called the component say nothing of it.
        frames = from_component(frames) or without_these_files(frames)
        sys.__excepthook__(kind, value.with_traceback(frames), frames)

    sys.excepthook = print_it


def settle_in(task):
    """Gives this process the task's environment and working directory."""
    os.environ.clear()
    os.environ.update(task["env"])
    if hasattr(time, "tzset"):
        time.tzset()
    os.chdir(task["cwd"])
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True)


def status_of(end):
    """Gives the exit status of a SystemExit, as an interpreter does."""
    if end.code is None:
        return 0
    if isinstance(end.code, int):
        return end.code & 0xFF
    print(end.code, file=sys.stderr)
    return 1


def finish(status):
    """Ends a forked process as an interpreter ends, but for the teardown of its memory, which takes longer than most tasks."""
    import atexit
    import threading

    # Waits for threads.
    threading._shutdown()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            # The component closed it.
            status = status or 120
    os._exit(status)
