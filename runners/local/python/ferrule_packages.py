"""What an interpreter's packages are."""

import json
import os
import platform
import sys


def facts():
    versions, loose = installed()
    return {
        "interpreter": "%s %s %s-%s"
        % (
            platform.python_implementation(),
            platform.python_version(),
            sys.platform,
            platform.machine(),
        ),
        "packages": versions,
        "loose": loose,
    }


def installed():
    """Tells what this interpreter's packages are: name -> version, and names of those that can change unseen."""
    versions = {}
    loose = []
    for folder in sys.path:
        try:
            entries = sorted(os.listdir(folder or "."))
        except OSError:
            continue
        for entry in entries:
            stem, kind = os.path.splitext(entry)
            if kind in (".egg-link",) or entry.startswith("__editable__"):
                loose.append(entry)
            if kind not in (".dist-info", ".egg-info"):
                continue
            name, _, version = stem.partition("-")
            # The first on the path is the one that is imported.
            name = name.lower().replace("-", "_").replace(".", "_")
            if name in versions:
                continue
            versions[name] = version.split("-py")[0]
            origin = read_origin(os.path.join(folder, entry))
            if origin is None:
                continue
            if origin.get("dir_info", {}).get("editable"):
                loose.append(name)
            else:
                versions[name] += " " + content_of(os.path.join(folder, entry))
    return versions, sorted(set(loose))


def read_origin(folder):
    try:
        with open(os.path.join(folder, "direct_url.json"), encoding="utf-8") as file:
            return json.load(file)
    except (OSError, ValueError):
        return None


def content_of(folder):
    """Digests what a package that came from no index consists of: its version says too little."""
    import hashlib

    digest = hashlib.sha256()
    try:
        with open(os.path.join(folder, "RECORD"), encoding="utf-8") as file:
            for line in sorted(file):
                # Scripts name the place of the interpreter, compiled files have no digest, and the rest tells of the
                # installation itself.
                if not line.startswith("..") and "sha256=" in line and ".dist-info/" not in line:
                    digest.update(line.encode())
    except OSError:
        pass
    return "sha256:" + digest.hexdigest()[:32]
