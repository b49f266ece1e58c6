"""Runs Python components of KFP, each in a process of its own that comes out of one warm interpreter.

Lines of JSON on standard input ask for tasks; frames on standard output tell of them: a line of JSON, and after one
with "bytes" so many bytes of what the task printed. Everything ends with standard input.

    interpreter.py MODULE fork      one process, which has imported MODULE and forks for each task
    interpreter.py MODULE fresh     the same, with a new interpreter for each task
    interpreter.py once             a new interpreter: the task is on standard input
"""

import errno
import gc
import json
import os
import selectors
import signal
import subprocess
import sys
import time

# No files of Python's beside these: the folder is a package's.
sys.dont_write_bytecode, writes = True, sys.dont_write_bytecode
from ferrule_packages import facts  # noqa: E402
from ferrule_task import as_program, finish, settle_in, status_of, warm_up  # noqa: E402

sys.dont_write_bytecode = writes

# Seconds that something which left a task's process group may hold its output open.
OUTPUT_LAG = 1.0


class Task:
    def __init__(self, number, pid, output, process=None):
        self.number = number
        self.pid = pid
        self.output = output
        self.process = process
        self.status = None
        self.deadline = None


class Interpreter:
    """Starts a process for each task and tells of it, until standard input ends."""

    def __init__(self, module, forks):
        self.module = module
        self.forks = forks
        # What tasks print must not come between the frames.
        self.frames = os.dup(1)
        os.dup2(2, 1)
        self.requests = os.dup(0)
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.requests, selectors.EVENT_READ, "requests")
        self.awake, wake = os.pipe()
        for end in (self.awake, wake):
            os.set_blocking(end, False)
        self.wake = wake
        self.selector.register(self.awake, selectors.EVENT_READ, "child")
        self.tasks = {}
        self.held = b""

    def tell(self, frame, content=b""):
        data = memoryview(json.dumps(frame).encode() + b"\n" + content)
        try:
            while len(data) > 0:
                data = data[os.write(self.frames, data) :]
        except BrokenPipeError:
            self.end()

    def serve(self):
        """Serves until the end; gives a task where this process has become that task's."""
        self.tell({"kind": "here", **facts()})
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        try:
            warm_up(self.module)
        except BaseException as error:
            self.tell({"kind": "broken", "words": words_of(error), "module": getattr(error, "name", None)})
            return None
        self.tell({"kind": "ready"})
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self.wake, warn_on_full_buffer=False)
        gc.collect()
        # The memory that is there now is shared with all tasks.
        gc.freeze()
        while True:
            for key, _ in self.selector.select(self.patience()):
                if key.data == "requests":
                    task = self.take_requests()
                    if task is not None:
                        return task
                elif key.data == "child":
                    self.drain_wake()
                else:
                    self.pass_on(key.data)
            self.reap()
            self.give_up_on_output()

    def patience(self):
        deadlines = [task.deadline for task in self.tasks.values() if task.deadline is not None]
        return None if not deadlines else max(0.0, min(deadlines) - time.monotonic())

    def drain_wake(self):
        try:
            while os.read(self.awake, 4096):
                pass
        except BlockingIOError:
            pass

    def take_requests(self):
        data = os.read(self.requests, 1 << 20)
        if not data:
            self.end()
        *lines, self.held = (self.held + data).split(b"\n")
        for at, line in enumerate(lines):
            request = json.loads(line)
            if request["kind"] == "signal":
                self.send(request["task"], request["signal"])
            else:
                task = self.start(request)
                if task is not None:
                    return task
        return None

    def start(self, request):
        read, write = os.pipe()
        if request.get("fresh") or not self.forks:
            process = fresh_process(request, write)
            os.close(write)
            self.add(Task(request["task"], process.pid, read, process))
            return None
        pid = os.fork()
        if pid == 0:
            self.leave(write)
            return request
        os.close(write)
        self.add(Task(request["task"], pid, read))
        return None

    def add(self, task):
        os.set_blocking(task.output, False)
        self.tasks[task.number] = task
        self.selector.register(task.output, selectors.EVENT_READ, task)
        self.tell({"kind": "started", "task": task.number, "pid": task.pid})

    def leave(self, output):
        """Makes this process the task's alone."""
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.dup2(output, 1)
        os.dup2(output, 2)
        for task in self.tasks.values():
            if task.output is not None:
                os.close(task.output)
        for end in (output, self.frames, self.requests, self.awake, self.wake):
            os.close(end)
        self.selector.close()

    def send(self, number, name):
        task = self.tasks.get(number)
        if task is not None and task.status is None:
            kill_group(task.pid, getattr(signal, name))

    def pass_on(self, task):
        try:
            content = os.read(task.output, 1 << 16)
        except BlockingIOError:
            return
        if content:
            self.tell({"kind": "output", "task": task.number, "bytes": len(content)}, content)
        else:
            self.close_output(task)

    def close_output(self, task):
        if task.output is None:
            return
        self.selector.unregister(task.output)
        os.close(task.output)
        task.output = None
        self.settle(task)

    def reap(self):
        for task in list(self.tasks.values()):
            if task.status is not None:
                continue
            try:
                pid, status = os.waitpid(task.pid, os.WNOHANG)
            except ChildProcessError:
                pid, status = task.pid, 0
            if pid == 0:
                continue
            task.status = status
            if task.process is not None:
                task.process.returncode = 0
            # What the task started ends with it.
            kill_group(task.pid, signal.SIGKILL)
            task.deadline = time.monotonic() + OUTPUT_LAG
            self.settle(task)

    def give_up_on_output(self):
        now = time.monotonic()
        for task in list(self.tasks.values()):
            if task.deadline is not None and task.deadline <= now:
                self.close_output(task)

    def settle(self, task):
        if task.status is None or task.output is not None:
            return
        del self.tasks[task.number]
        end = {"kind": "ended", "task": task.number}
        if os.WIFSIGNALED(task.status):
            number = os.WTERMSIG(task.status)
            try:
                end["signal"] = signal.Signals(number).name
            except ValueError:
                end["signal"] = "signal %d" % number
        else:
            end["code"] = os.WEXITSTATUS(task.status)
        self.tell(end)

    def end(self):
        for task in self.tasks.values():
            if task.status is None:
                kill_group(task.pid, signal.SIGKILL)
        os._exit(0)


def fresh_process(request, output):
    process = subprocess.Popen(
        [sys.executable, __file__, "once"],
        stdin=subprocess.PIPE,
        stdout=output,
        stderr=output,
        env=request["env"],
        cwd=request["cwd"],
        start_new_session=True,
    )
    try:
        process.stdin.write(json.dumps(request).encode())
        process.stdin.close()
    except BrokenPipeError:
        # It could not even start: its exit status says so.
        pass
    return process


def kill_group(group, number):
    try:
        os.killpg(group, number)
    except OSError as error:
        if error.errno not in (errno.ESRCH, errno.EPERM):
            raise


def words_of(error):
    import traceback

    return "".join(traceback.format_exception_only(type(error), error))


def main():
    # Neither what lies beside this file nor in the working directory is a package of the component.
    beside = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [folder for folder in sys.path if folder not in ("", beside)]
    if sys.argv[1] == "once":
        signal.signal(signal.SIGINT, signal.default_int_handler)
        task = json.loads(sys.stdin.buffer.read())
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        settle_in(task)
        as_program(task["module"], task)
        return
    task = Interpreter(sys.argv[1], sys.argv[2] == "fork").serve()
    if task is not None:
        status = 1
        try:
            settle_in(task)
            as_program(task["module"], task)
            status = 0
        except SystemExit as end:
            status = status_of(end)
        except BaseException as error:
            sys.excepthook(type(error), error, error.__traceback__)
        finish(status)


if __name__ == "__main__":
    main()
